"""fit trains, measures and reports; evaluate and predict look without touching."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def model_and_optimizer(lr=0.03):
    model = nn.Sequential(nn.Linear(2, 16, rng=0), nn.Tanh(), nn.Dropout(0.1, rng=0), nn.Linear(16, 2, rng=1))
    return model, nn.optim.Adam(model.parameters(), lr=lr)


def fitted(**settings):
    model, optimizer = model_and_optimizer()
    return model, nn.fit(model, (X, Y), optimizer=optimizer, rng=0, verbose=False, **settings)


def test_it_learns_and_remembers():
    model, history = fitted(epochs=40, validation=(X[:50], Y[:50]))
    assert history.epoch == list(range(1, 41))
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 40 for values in history.history.values())
    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    assert nn.evaluate(model, (X, Y))["accuracy"] > 0.9


def test_the_same_seed_gives_the_same_history():
    assert fitted(epochs=3)[1] == fitted(epochs=3)[1]


def test_arrays_are_shuffled_in_every_epoch():
    class Noting(nn.Linear):
        def forward(self, x):
            epochs.append(x[:, 0].tolist())
            return super().forward(x)

    epochs = []
    model = Noting(2, 2, rng=0)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, batch_size=len(X), rng=0, verbose=False)
    first, second = epochs
    assert sorted(first) == sorted(second) == sorted(X[:, 0].tolist())
    assert len({*map(tuple, (first, second, X[:, 0].tolist()))}) == 3


def test_loss_and_accuracy_are_means_over_samples_not_batches():
    model, _ = fitted(epochs=1)
    whole = nn.evaluate(model, (X, Y), batch_size=120)
    parts = nn.evaluate(model, (X, Y), batch_size=50)  # 50, 50 and 20
    assert parts["accuracy"] == whole["accuracy"]
    assert parts["loss"] == pytest.approx(whole["loss"], rel=1e-6)


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


def test_a_model_without_parameters_predicts_in_the_precision_of_its_inputs():
    np.testing.assert_array_equal(nn.predict(nn.ReLU(), X.astype(float)), np.maximum(X.astype(float), 0))


def test_a_diverging_loss_stops_with_advice():
    model, optimizer = model_and_optimizer()
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=r"epoch 1, step 1.*smaller learning rate"):
        nn.fit(model, (X * np.inf, Y), optimizer=optimizer, verbose=False)


def test_looking_changes_no_mode_and_records_nothing():
    model, _ = model_and_optimizer()
    model[2].eval()
    modes = [module.training for _, module in model.named_modules()]
    first, second = nn.predict(model, X, batch_size=7), nn.predict(model, X)
    nn.evaluate(model, (X, Y))
    assert isinstance(first, np.ndarray)
    assert np.allclose(first, second, rtol=1e-5)
    assert [module.training for _, module in model.named_modules()] == modes


def test_off_a_terminal_every_epoch_prints_a_line(capsys):
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, validation=(X, Y), rng=0)
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert len(lines) == 2
    assert not printed.err  # no bar
    assert lines[1].startswith("epoch 2/2  loss ")
    assert all(word in lines[1] for word in ("accuracy", "val_loss", "val_accuracy", " s"))


def test_on_a_terminal_there_is_a_bar(monkeypatch, capsys):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, rng=0)
    printed = capsys.readouterr()
    assert "epoch 1/1" in printed.err
    assert " left" in printed.err
    assert printed.out.startswith("epoch 1/1  loss ")


def test_without_tqdm_a_terminal_gets_lines(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model, optimizer = model_and_optimizer()
    nn.fit(model, (X, Y), optimizer=optimizer, rng=0)
    assert capsys.readouterr().out.startswith("epoch 1/1  loss ")


class Modes:
    """Which modules were called in training mode, and which outputs were recorded."""

    def __init__(self):
        self.training, self.recorded = [], []

    def __call__(self, module, y):
        if not isinstance(module, nn.CrossEntropyLoss):
            self.training.append(module.training)
            self.recorded.append(getattr(y, "requires_grad", False))


def test_evaluate_and_predict_leave_training_mode_and_record_nothing():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Dropout(0.5, rng=0))
    for look in (lambda: nn.evaluate(model, (X, Y)), lambda: nn.predict(model, X)):
        modes = Modes()
        with nn.observe(modes):
            look()
        assert modes.training
        assert not any(modes.training)
        assert not any(modes.recorded)
        assert all(module.training for _, module in model.named_modules())


def test_fit_trains_in_training_mode_and_validates_in_evaluation_mode():
    model = nn.Sequential(nn.Linear(2, 2, rng=0)).eval()
    optimizer, modes = nn.optim.SGD(model.parameters(), lr=0.1), Modes()
    with nn.observe(modes):
        nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, batch_size=60, validation=(X, Y), rng=0, verbose=False)
    batches = [True, True, False, False] * 2  # two of training, two of validation, in each epoch
    assert modes.training == modes.recorded == [mode for mode in batches for _ in range(2)]  # the layer, the chain
    assert not model.training


def test_what_fit_reports_is_what_the_model_does():
    model = nn.Sequential(nn.Linear(2, 2, rng=0))
    standing = nn.optim.SGD(model.parameters(), lr=0.0)
    history = nn.fit(model, (X, Y), optimizer=standing, epochs=2, validation=(X, Y), verbose=False).history
    assert history["loss"] == pytest.approx(history["val_loss"])
    assert history["accuracy"] == history["val_accuracy"]
    assert history["accuracy"][1] == (nn.predict(model, X).argmax(axis=1) == Y).mean()


def test_validation_is_measured_with_the_loss_given():
    model = nn.Sequential(nn.Linear(2, 1, bias=False, rng=0))
    T = X.sum(axis=1, keepdims=True)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01)
    history = nn.fit(model, (X, T), optimizer=optimizer, loss=nn.MSELoss(), validation=(X, T), verbose=False)
    assert history.history["val_loss"][0] == pytest.approx(((nn.predict(model, X) - T) ** 2).mean(), rel=1e-5)


def test_a_model_without_parameters_is_evaluated():
    assert nn.evaluate(nn.Flatten(), (X, Y))["accuracy"] == (X.argmax(axis=1) == Y).mean()
