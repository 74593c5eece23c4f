"""Early stopping: when it stops, which weights it restores, and that it goes on from a checkpoint."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.networks.fake_run import FakeRun


def losses(*values: float) -> list[dict[str, float]]:
    return [{"loss": 0.0, "val_loss": value} for value in values]


def stopping(**settings: Any) -> nn.callbacks.EarlyStopping:
    return nn.callbacks.EarlyStopping(**{"patience": 2, **settings})


def epochs(callback: Any, *values: float) -> int:
    run = FakeRun().train(callback, losses(*values))
    assert (run.stopped is None) == (run.epoch == len(values)) or run.epoch == len(values)
    return run.epoch


@pytest.mark.parametrize(
    ("settings", "values", "last"),
    [
        ({}, [5, 4, 3, 2, 1], 5),
        ({}, [5, 4, 4, 4, 1], 4),  # the same is not better
        ({}, [5, 4, 5, 3, 4, 4, 1], 6),
        ({"patience": 0}, [5, 4, 5, 1], 3),
        ({"patience": 1}, [5, 4, 5, 1], 3),
        ({"patience": 3}, [5, 6, 6, 6, 1], 4),
        ({"min_delta": 1.0}, [5, 4.5, 4, 3], 3),  # 4 is not better than 5 by more than 1
        ({"mode": "max"}, [1, 2, 3, 2, 3, 4], 5),
        ({}, [math.nan, math.nan, 1], 2),
        ({}, [3, math.nan, math.nan, 1], 3),
        ({}, [math.nan, 3, 2, math.nan, 1], 5),
        ({}, [math.inf, math.inf, 1], 2),
    ],
)
def test_it_stops_after_patience_epochs_without_improvement(settings: Any, values: list[float], last: int) -> None:
    assert epochs(stopping(**settings), *values) == last


def test_it_says_why() -> None:
    run = FakeRun().train(stopping(), losses(0.5, 0.25, 0.3, 0.4, 0.1))
    assert run.stopped == "val_loss did not improve on 0.25 of epoch 2"
    run = FakeRun().train(stopping(restore_best_weights=True), losses(0.5, 0.25, 0.3, 0.4, 0.1))
    assert run.stopped == "val_loss did not improve on 0.25 of epoch 2; these weights are restored"
    assert FakeRun().train(stopping(), losses(math.nan, math.nan)).stopped == "val_loss is nan after 2 epochs"


@pytest.mark.parametrize(("values", "best"), [([3, 1, 2, 2], 2), ([3, 2, 1], 3), ([math.nan, 3, math.nan, 4], 2)])
def test_weights_and_buffers_of_the_best_epoch_are_restored(values: list[float], best: int) -> None:
    run = FakeRun().train(stopping(restore_best_weights=True), losses(*values))
    assert run.model[0].weight.data == best
    assert run.model[1].running_mean.data == best
    run = FakeRun().train(stopping(), losses(*values))
    assert run.model[0].weight.data == len(values)


def test_without_a_best_epoch_nothing_is_restored() -> None:
    run = FakeRun().train(stopping(restore_best_weights=True), losses(math.nan, math.nan, math.nan))
    assert run.model[0].weight.data == 2


def test_generators_go_on_from_where_they_are() -> None:
    run = FakeRun()
    draw = nn.callbacks.LambdaCallback(on_epoch_end=lambda run: run.model[2](np.ones((3, 2))))
    stop = stopping(restore_best_weights=True)
    run.train(stop, losses(1, 2), end=False)
    draw.on_epoch_end(run)  # type: ignore[operator]
    (before,) = (rng.bit_generator.state for _, rng in run.model.named_generators())
    stop.on_train_end(run)
    (after,) = (rng.bit_generator.state for _, rng in run.model.named_generators())
    assert run.model[0].weight.data == 1
    assert before == after


@pytest.mark.parametrize("interrupted_after", [1, 2, 3, 4])
def test_a_resumed_training_ends_as_one_that_was_not(interrupted_after: int) -> None:
    values = losses(5, 3, 4, 3.5, 1)
    whole = FakeRun().train(stopping(restore_best_weights=True, patience=3), values)
    first = stopping(restore_best_weights=True, patience=3)
    run = FakeRun().train(first, values[:interrupted_after], end=False)
    state = first.state_dict()
    first.on_train_end(run)  # changes nothing in the state
    resumed = stopping(restore_best_weights=True, patience=3)
    resumed.load_state_dict(state)
    run.train(resumed, values[interrupted_after:])
    assert (run.stopped, run.epoch) == (whole.stopped, whole.epoch)
    for name, array in whole.model.state_dict().items():
        np.testing.assert_array_equal(run.model.state_dict()[name], array)


def test_a_new_training_begins_anew() -> None:
    callback = stopping(restore_best_weights=True)
    FakeRun().train(callback, losses(1, 2, 3))
    run = FakeRun().train(callback, losses(9, 8, 7))
    assert (run.epoch, run.stopped, run.model[0].weight.data.item()) == (3, None, 3)


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"EarlyStopping: monitor is 'val_accuracy', but .* have loss, val_loss"):
        FakeRun().train(stopping(monitor="val_accuracy"), losses(1.0))
    with pytest.raises(ValueError, match="EarlyStopping: patience is -1"):
        stopping(patience=-1)
    with pytest.raises(TypeError, match="restore_best_weights is 1, expected True or False"):
        stopping(restore_best_weights=1)
    with pytest.raises(ValueError, match=r"EarlyStopping: the state does not fit: missing \['best', .*unknown \['x'\]"):
        stopping().load_state_dict({"x": 1})
    with pytest.raises(TypeError, match="EarlyStopping: expected a dictionary"):
        stopping().load_state_dict(None)  # type: ignore[arg-type]
