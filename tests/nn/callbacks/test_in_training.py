"""Callbacks in `fit`: in their order, and after an interruption with the bits of a training without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.callbacks.callback import HOOKS

rng = np.random.default_rng(0)
X, T = rng.normal(size=(12, 3)).astype(np.float32), rng.integers(0, 2, size=12)
X_VAL, T_VAL = rng.normal(size=(6, 3)).astype(np.float32), rng.integers(0, 2, size=6)


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(3, 8, rng=0), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3, rng=1), nn.Linear(8, 2, rng=2)
    )


def fit(model: nn.Sequential, **arguments: Any) -> nn.History:
    settings: Any = {"epochs": 8, "batch_size": 4, "validation_data": (X_VAL, T_VAL), "rng": 0, "verbose": False}
    sgd = nn.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    return nn.fit(model, X, T, **{"optimizer": sgd, **settings, **arguments})


def test_hooks_are_called_in_their_order() -> None:
    seen: list[Any] = []
    hooks: Any = {hook: lambda run, hook=hook: seen.append((hook, run.epoch, run.step)) for hook in HOOKS}
    fit(network(), epochs=2, callbacks=[nn.callbacks.LambdaCallback(**hooks)])
    expected: list[Any] = []
    for epoch in (1, 2):
        first = 3 * (epoch - 1)
        expected.append(("on_epoch_begin", epoch, first))
        expected += [("on_train_batch_end", epoch, first + i) for i in (1, 2, 3)]
        expected.append(("on_epoch_end", epoch, first + 3))
    assert seen == [("on_train_begin", 0, 0), *expected, ("on_train_end", 2, 6)]


def test_the_last_hook_is_called_after_an_error_too() -> None:
    ends: list[int] = []

    def fail(_: Any) -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        fit(network(), callbacks=[fail, nn.callbacks.LambdaCallback(on_train_end=lambda run: ends.append(run.epoch))])
    assert ends == [1]


def test_a_plain_function_may_stop_the_training() -> None:
    history = fit(network(), callbacks=lambda run: run.stop("enough") if run.epoch == 3 else None)
    assert history.epoch == [1, 2, 3]


def test_early_stopping_restores_the_epoch_of_the_best_validation(tmp_path: Path) -> None:
    model = network()
    stop = nn.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    best = nn.callbacks.ModelCheckpoint(tmp_path / "best.safetensors", save_best_only=True)
    history = fit(model, epochs=50, callbacks=[stop, best])
    losses = history.history["val_loss"]
    assert len(losses) == stop.best_epoch + 2 < 50
    assert int(np.argmin(losses)) == stop.best_epoch - 1
    assert nn.evaluate(model, X_VAL, T_VAL, batch_size=4)["loss"] == losses[stop.best_epoch - 1]
    saved = nn.load(tmp_path / "best.safetensors", into=network())
    for name, array in saved.state_dict().items():
        if "rng" not in name:
            np.testing.assert_array_equal(model.state_dict()[name], array)


@pytest.mark.parametrize("schedule", [nn.optim.OneCycleLR(0.5, total_steps=24), lambda epoch: 0.9**epoch])
def test_a_plateau_reduces_the_learning_rates_of_any_schedule(schedule: Any) -> None:
    """Also of those that were constructed with a learning rate."""
    alone = fit(network(), schedule=schedule).history["lr"]
    model = network()
    sgd = nn.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    plateau = nn.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=3, min_delta=100)  # nothing is better
    reduced = fit(model, optimizer=sgd, schedule=schedule, callbacks=[plateau]).history["lr"]
    np.testing.assert_allclose(reduced, np.array(alone) * [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25], rtol=1e-12)
    assert sgd.lr == pytest.approx(0.5 * 0.25)


class Killed(Exception):
    """In place of a process that is killed."""


@pytest.mark.parametrize("at", [1, 6, 11, 14])
def test_an_interrupted_training_ends_with_the_same_bits_and_the_same_file(tmp_path: Path, at: int) -> None:
    def callbacks(name: str) -> list[nn.callbacks.Callback]:
        return [
            nn.callbacks.ReduceLROnPlateau(factor=0.5, patience=1),
            nn.callbacks.EarlyStopping(patience=4, restore_best_weights=True),
            nn.callbacks.CSVLogger(tmp_path / name),
        ]

    def kill(run: Any) -> None:
        if run.step == at:
            raise Killed

    settings: Any = {
        "schedule": nn.optim.OneCycleLR(0.5, total_steps=24),
        "metrics": ["accuracy", "f1", "confusion_matrix"],
    }
    whole, resumed = network(), network()
    history = fit(whole, callbacks=callbacks("whole.csv"), **settings)
    path = tmp_path / "run.safetensors"
    killer = nn.callbacks.LambdaCallback(on_train_batch_end=kill)
    checkpoint = nn.Checkpoint(path, save_freq=2)
    with pytest.raises(Killed):
        fit(network(), callbacks=[*callbacks("log.csv"), killer], checkpoint=checkpoint, **settings)
    with (tmp_path / "log.csv").open("a") as file:
        file.write("9,0.1")  # a row that was cut off
    idle = nn.callbacks.LambdaCallback(lambda run: None)
    again = fit(resumed, callbacks=[*callbacks("log.csv"), idle], checkpoint=path, resume=path, **settings)
    np.testing.assert_equal(again.history, history.history)
    for name, array in whole.state_dict().items():
        np.testing.assert_array_equal(resumed.state_dict()[name], array)
    assert (tmp_path / "log.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
