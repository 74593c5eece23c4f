"""evaluate and predict: they measure, and change nothing."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.helpers.training import Modes, X, Y, fitted, model_and_optimizer


def test_loss_and_accuracy_are_means_over_samples_not_batches():
    model, _ = fitted(epochs=1)
    whole = nn.evaluate(model, (X, Y), batch_size=120)
    parts = nn.evaluate(model, (X, Y), batch_size=50)  # 50, 50 and 20
    assert parts["accuracy"] == whole["accuracy"]
    assert parts["loss"] == pytest.approx(whole["loss"], rel=1e-6)


def test_a_model_without_parameters_predicts_in_the_precision_of_its_inputs():
    np.testing.assert_array_equal(nn.predict(nn.ReLU(), X.astype(float)), np.maximum(X.astype(float), 0))


def test_modes_are_unchanged_and_nothing_is_recorded():
    model, _ = model_and_optimizer()
    model[2].eval()
    modes = [module.training for _, module in model.named_modules()]
    first, second = nn.predict(model, X, batch_size=7), nn.predict(model, X)
    nn.evaluate(model, (X, Y))
    assert isinstance(first, np.ndarray)
    assert np.allclose(first, second, rtol=1e-5)
    assert [module.training for _, module in model.named_modules()] == modes


def test_evaluate_and_predict_leave_training_mode_and_record_nothing():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Dropout(0.5, rng=0))
    for run in (lambda: nn.evaluate(model, (X, Y)), lambda: nn.predict(model, X)):
        modes = Modes()
        with nn.observe(modes):
            run()
        assert modes.training
        assert not any(modes.training)
        assert not any(modes.recorded)
        assert all(module.training for _, module in model.named_modules())


def test_a_model_without_parameters_is_evaluated():
    assert nn.evaluate(nn.Flatten(), (X, Y))["accuracy"] == (X.argmax(axis=1) == Y).mean()
