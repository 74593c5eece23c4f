"""ReduceLROnPlateau: when it reduces, by how much, and its state."""

from __future__ import annotations

import copy
import json
import math
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

Plateau = nn.optim.ReduceLROnPlateau


def factors(schedule: Any, losses: list[float], base: float | None = None) -> list[float]:
    found = []
    for t, loss in enumerate(losses):
        schedule.step(loss)
        found.append(schedule(t, base))
    return found


def test_it_reduces_after_more_than_patience_epochs_without_improvement() -> None:
    assert factors(Plateau(factor=0.5, patience=2), [3, 2, 2, 2, 2, 2, 2, 2, 1]) == [1] * 4 + [0.5] * 3 + [0.25] * 2
    assert factors(Plateau(factor=0.5, patience=0), [3, 2, 2, 1, 1]) == [1, 1, 0.5, 0.5, 0.25]


def test_a_cooldown_is_not_counted() -> None:
    assert factors(Plateau(factor=0.5, patience=0, cooldown=2), [1] * 8) == [1] + [0.5] * 3 + [0.25] * 3 + [0.125]


@pytest.mark.parametrize(
    ("settings", "losses", "reductions"),
    [
        ({"threshold": 0.1}, [1, 0.91, 0.89, 0.8], [0, 1, 1, 1]),
        ({"threshold": 0.1, "threshold_mode": "abs"}, [10, 9.95, 9.89, 9.8], [0, 1, 1, 2]),
        ({"threshold": 0.1, "mode": "max"}, [1, 1.09, 1.11, 1.3], [0, 1, 1, 1]),
        ({"threshold": 0.1, "mode": "max", "threshold_mode": "abs"}, [10, 10.05, 10.11, 10.3], [0, 1, 1, 1]),
        ({}, [1, math.nan, math.inf, 0.5], [0, 1, 2, 2]),
    ],
)
def test_what_counts_as_an_improvement(settings: Any, losses: Any, reductions: Any) -> None:
    schedule = Plateau(factor=0.5, patience=0, **settings)
    assert factors(schedule, losses) == [0.5**n for n in reductions]


def test_the_least_learning_rate_and_the_least_difference() -> None:
    assert factors(Plateau(factor=0.5, patience=0, min_lr=0.03), [1] * 5, 0.1) == pytest.approx([1, 0.5, 0.3, 0.3, 0.3])
    assert factors(Plateau(factor=0.5, patience=0, min_lr=0.2), [1] * 3, 0.1) == [1, 1, 1]
    assert factors(Plateau(factor=0.5, patience=0, eps=0.04), [1] * 4, 0.1) == pytest.approx([1, 0.5, 0.5, 0.5])
    assert factors(Plateau(factor=0.5, patience=0, eps=0.04), [1] * 4) == [1, 0.5, 0.25, 0.125]
    assert factors(Plateau(factor=0.5, patience=0), [1] * 2, 0.0) == [1, 0.5]


def test_each_t_gives_the_factor_after_the_losses_so_far() -> None:
    schedule = Plateau(factor=0.5, patience=0)
    factors(schedule, [1, 1])
    assert [schedule(t) for t in (0, 7, 3)] == [0.5] * 3
    assert schedule.every == "epoch"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_goes_on_by_itself(copied: Any) -> None:
    schedule = Plateau(factor=0.5, patience=1)
    factors(schedule, [1, 1, 1, 1])
    twin = copied(schedule)
    assert factors(twin, [1, 1, 1]) == [0.25, 0.25, 0.125]
    assert schedule(0) == 0.5
    assert repr(twin) == repr(schedule)


def test_its_state_goes_on_in_another_one_also_through_a_file() -> None:
    schedule, other = Plateau(factor=0.5, patience=1), Plateau(factor=0.5, patience=1)
    assert schedule.state_dict() == {"best": math.inf, "num_bad_epochs": 0, "cooldown_counter": 0, "num_reductions": 0}
    factors(schedule, [1, 1, 1, 1])
    state = json.loads(json.dumps(schedule.state_dict()))
    other.load_state_dict(state)
    assert other.state_dict() == schedule.state_dict() == state
    assert factors(other, [1, 0.5, 1, 1]) == factors(schedule, [1, 0.5, 1, 1]) == [0.25, 0.25, 0.25, 0.125]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, r"missing \['best', 'num_bad_epochs', 'cooldown_counter', 'num_reductions'\], unknown none$"),
        ({"factor": 0.5}, r"unknown \['factor'\]"),
        ({"num_bad_epochs": -1}, "num_bad_epochs is -1, expected at least 0"),
        ({"num_reductions": 0.5}, "num_reductions is 0.5, expected a whole number"),
        ({"best": "1"}, "best is a str, expected a number"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(state: Any, message: str) -> None:
    schedule = Plateau()
    schedule.step(1.0)
    before = schedule.state_dict()
    with pytest.raises((TypeError, ValueError), match=f"^ReduceLROnPlateau: .*{message}"):
        schedule.load_state_dict({**(before if state else {}), **state})
    assert schedule.state_dict() == before


def test_what_a_loss_may_be() -> None:
    schedule = Plateau()
    for loss in (1, np.float32(0.5), np.array([0.25]), mg.Tensor(0.125)):
        schedule.step(loss)  # type: ignore[arg-type]
    assert schedule.best == 0.125
    for wrong, said in [
        ({"loss": 1.0}, r"nn\.evaluate\(model, data\)\['loss'\]"),
        ("0.5", "is a str, expected a number"),
        (np.ones(2), "is a ndarray, expected a number"),
        (None, "is a NoneType, expected a number"),
    ]:
        with pytest.raises(TypeError, match=rf"^ReduceLROnPlateau\.step: metrics .*{said}"):
            schedule.step(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": "least"}, "mode is 'least', expected 'min' or 'max'"),
        ({"factor": 1}, "factor is 1, expected a number less than 1"),
        ({"patience": -1}, "patience is -1, expected at least 0"),
        ({"threshold_mode": "relative"}, "threshold_mode is 'relative', expected 'rel' or 'abs'"),
        ({"min_lr": [0.1, 0.2]}, "min_lr is a list, expected a number"),
    ],
)
def test_settings_out_of_their_range_are_refused(settings: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^ReduceLROnPlateau: {message}"):
        Plateau(**settings)
