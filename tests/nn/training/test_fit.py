"""fit: it trains, validates and returns a history."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.helpers.training import Modes, X, Y, fitted, model_and_optimizer


def test_it_learns_and_returns_a_history():
    model, history = fitted(epochs=40, validation_data=(X[:50], Y[:50]))
    assert history.epoch == list(range(1, 41))
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 40 for values in history.history.values())
    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    assert nn.evaluate(model, (X, Y))["accuracy"] > 0.9


def test_the_same_seed_gives_the_same_history():
    assert fitted(epochs=3)[1] == fitted(epochs=3)[1]


def test_arrays_are_shuffled_in_every_epoch():
    class Recorder(nn.Linear):
        def forward(self, x):
            epochs.append(x[:, 0].tolist())
            return super().forward(x)

    epochs = []
    model = Recorder(2, 2, rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, batch_size=len(X), rng=0, verbose=False)
    first, second = epochs
    assert sorted(first) == sorted(second) == sorted(X[:, 0].tolist())
    assert len({*map(tuple, (first, second, X[:, 0].tolist()))}) == 3


def test_a_loader_and_a_loss_of_ones_own():
    model = nn.Sequential(nn.Linear(2, 1, rng=0))
    loader = nn.data.DataLoader(X, X.sum(axis=1, keepdims=True), batch_size=16, shuffle=True, rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, loader, optimizer=optimizer, loss=nn.MSELoss(), epochs=20, verbose=False)
    assert set(history.history) == {"loss"}  # accuracy means nothing for numbers
    assert np.allclose(model[0].weight.data, 1, atol=1e-3)


def test_float64_inputs_do_not_widen_a_float32_model():
    model, optimizer = model_and_optimizer()
    seen = []
    with nn.observe(lambda module, y: seen.append(y.dtype)):
        nn.fit(model, (X.astype(float), Y), optimizer=optimizer, verbose=False)
        nn.evaluate(model, (X.astype(float), Y))
        assert nn.predict(model, X.astype(float)).dtype == np.float32
    assert set(seen) == {np.dtype(np.float32)}


def test_fit_trains_in_training_mode_and_validates_in_evaluation_mode():
    model = nn.Sequential(nn.Linear(2, 2, rng=0)).eval()
    optimizer, modes = nn.optim.SGD(model.parameters(), lr=0.1), Modes()
    with nn.observe(modes):
        nn.fit(
            model, (X, Y), optimizer=optimizer, epochs=2, batch_size=60, validation_data=(X, Y), rng=0, verbose=False
        )
    batches = [True, True, False, False] * 2  # two of training, two of validation, in each epoch
    assert modes.training == modes.recorded == [mode for mode in batches for _ in range(2)]  # the layer, the chain
    assert not model.training


def test_what_fit_reports_is_what_the_model_does():
    model = nn.Sequential(nn.Linear(2, 2, rng=0))
    optimizer = nn.optim.SGD(model.parameters(), lr=0.0)
    history = nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, validation_data=(X, Y), verbose=False).history
    assert history["loss"] == pytest.approx(history["val_loss"])
    assert history["accuracy"] == history["val_accuracy"]
    assert history["accuracy"][1] == (nn.predict(model, X).argmax(axis=1) == Y).mean()


def test_validation_is_measured_with_the_loss_given():
    model = nn.Sequential(nn.Linear(2, 1, bias=False, rng=0))
    T = X.sum(axis=1, keepdims=True)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01)
    history = nn.fit(model, (X, T), optimizer=optimizer, loss=nn.MSELoss(), validation_data=(X, T), verbose=False)
    assert history.history["val_loss"][0] == pytest.approx(((nn.predict(model, X) - T) ** 2).mean(), rel=1e-5)
