"""evaluate and predict: they measure, and change nothing."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

import nn
from tests.helpers.training import Modes, X, Y, fitted, model_and_optimizer


def test_loss_and_accuracy_are_means_over_samples_not_batches():
    model, _ = fitted(epochs=1)
    whole = nn.evaluate(model, (X, Y), batch_size=120)
    parts = nn.evaluate(model, [X, Y], batch_size=50)  # 50, 50 and 20
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


def test_threads_that_predict_evaluate_and_train_leave_each_other_their_modes():
    model, _ = model_and_optimizer()
    expected = nn.predict(model, X)
    trained, found, modes = nn.Sequential(model, nn.Linear(2, 2, rng=0)), [], Modes()

    def predict():
        found.extend(nn.predict(model, X) for _ in range(20))
        nn.evaluate(trained, (X, Y), batch_size=7)

    def train():
        with nn.observe(modes):
            for _ in range(20):
                trained(X)

    threads = [Thread(target=target) for target in (predict, train, predict, predict)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(y, expected) for y in found)
    assert len(found) == 60
    assert all(modes.training)
    assert all(module.training for _, module in trained.named_modules())


def test_a_mode_set_within_a_prediction_is_left_with_it():
    """Dropout that stays on to predict, Monte Carlo dropout, is switched on in forward."""

    class MonteCarlo(nn.Sequential):
        def forward(self, x):
            self[0].train()
            return super().forward(x)

    model = MonteCarlo(nn.Dropout(0.5, rng=0)).eval()
    assert set(nn.predict(model, np.ones((50, 2))).ravel()) == {0, 2}
    assert not model[0].training
