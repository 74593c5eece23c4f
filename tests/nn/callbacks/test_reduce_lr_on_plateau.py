"""The learning rate on a plateau, as Keras counts it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.networks.fake_run import FakeRun


def keras(
    values: list[float],
    lr: float,
    *,
    factor: float = 0.1,
    patience: int = 10,
    min_delta: float = 1e-4,
    cooldown: int = 0,
    min_lr: float = 0.0,
) -> list[float]:
    """The learning rates after each epoch: the procedure of Keras's documentation and source, mode "min"."""
    best, wait, cooling, rates = math.inf, 0, 0, []
    for value in values:
        if cooling > 0:
            cooling -= 1
            wait = 0
        if value < best - min_delta:
            best, wait = value, 0
        elif cooling <= 0:
            wait += 1
            if wait >= patience and lr > min_lr:
                lr = max(lr * factor, min_lr)
                cooling, wait = cooldown, 0
        rates.append(lr)
    return rates


def rates(callback: Any, values: list[float], run: FakeRun | None = None) -> list[float]:
    run = FakeRun() if run is None else run
    seen = []
    for i, value in enumerate(values):
        if i == 0:
            callback.on_train_begin(run)
        run.step += 1
        run.logs = {"val_loss": value}
        callback.on_epoch_end(run)
        seen.append(run.optimizer.lr)
    return seen


@pytest.mark.parametrize("patience", [0, 1, 2, 4])
@pytest.mark.parametrize("cooldown", [0, 1, 2, 5])
@pytest.mark.parametrize("min_lr", [0.0, 0.02])
def test_it_reduces_when_keras_does(patience: int, cooldown: int, min_lr: float) -> None:
    settings: Any = {"factor": 0.5, "patience": patience, "cooldown": cooldown, "min_lr": min_lr, "min_delta": 0.05}
    for seed in range(5):
        rng = np.random.default_rng(seed)
        values = list(np.minimum.accumulate(rng.random(60)) + 0.1 * rng.random(60))
        values[20], values[40] = math.nan, math.inf
        found = rates(nn.callbacks.ReduceLROnPlateau(**settings), values)
        expected = keras(values, 0.1, **settings)
        assert len(set(expected)) > 2
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_more_is_better_of_an_accuracy() -> None:
    run = FakeRun()
    callback = nn.callbacks.ReduceLROnPlateau("accuracy", factor=0.5, patience=1)
    run.train(callback, [{"accuracy": value} for value in (0.5, 0.6, 0.6, 0.7)])
    assert run.optimizer.lr == 0.05


def test_it_reduces_the_base_under_a_schedule() -> None:
    values, bases = [3.0, 2.0, 2.0, 2.0, 1.0], [0.1, 0.1, 0.05, 0.025, 0.025]
    seen: list[float] = []
    run = FakeRun(schedule=lambda epoch: 1 / (1 + epoch))
    callback = nn.callbacks.ReduceLROnPlateau(factor=0.5, patience=1)
    for epoch, value in enumerate(values):
        run.train(callback, [{"val_loss": value}], end=False)
        group = run.optimizer.param_groups[0]
        seen.append(group["initial_lr"])
        assert group["lr"] == pytest.approx(group["initial_lr"] / (1 + epoch))  # the schedule stays where it is
    np.testing.assert_allclose(seen, bases)
    run.optimizer.scale_lr(1)  # as after a training
    assert run.optimizer.lr == pytest.approx(0.025)


def test_each_group_has_a_base_of_its_own() -> None:
    run = FakeRun()
    layers: Any = [{"params": run.model[0].parameters()}, {"params": run.model[1].parameters(), "lr": 0.0}]
    run.optimizer = nn.optim.SGD(layers, lr=0.1)
    run.train(nn.callbacks.ReduceLROnPlateau(patience=1, factor=0.1), [{"val_loss": 1.0}] * 3)
    assert [group["lr"] for group in run.optimizer.param_groups] == [pytest.approx(0.001), 0.0]


@pytest.mark.parametrize("interrupted_after", range(1, 9))
def test_a_resumed_training_has_the_same_rates(interrupted_after: int) -> None:
    values = [3.0, 2.0, 2.5, 2.2, 2.0, 2.1, 1.9, 2.0, 2.0, 2.0]
    settings: Any = {"factor": 0.5, "patience": 2, "cooldown": 2}
    whole = rates(nn.callbacks.ReduceLROnPlateau(**settings), values)
    first, run = nn.callbacks.ReduceLROnPlateau(**settings), FakeRun()
    seen = rates(first, values[:interrupted_after], run)
    resumed = nn.callbacks.ReduceLROnPlateau(**settings)
    resumed.load_state_dict(first.state_dict())
    assert seen + rates(resumed, values[interrupted_after:], run) == whole
    assert len(set(whole)) == 3


def test_a_new_training_begins_anew() -> None:
    callback = nn.callbacks.ReduceLROnPlateau(factor=0.5, patience=2)
    rates(callback, [1.0, 2.0])
    assert callback.num_bad_epochs == 1
    assert rates(callback, [3.0, 3.0], FakeRun()) == [0.1, 0.1]
    assert callback.best == 3


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"ReduceLROnPlateau: factor is 1\.5, expected a number less than 1"):
        nn.callbacks.ReduceLROnPlateau(factor=1.5)
    with pytest.raises(ValueError, match="ReduceLROnPlateau: monitor is 'val_loss', but there are no validation data"):
        FakeRun().train(nn.callbacks.ReduceLROnPlateau(), [{"loss": 1.0}])
    with pytest.raises(ValueError, match="the state does not fit"):
        nn.callbacks.ReduceLROnPlateau().load_state_dict({"best": 1.0})
