"""Schedules made of others: one after another, or all at once."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from nn.hyperparameters import Setting
from nn.optim.lr_scheduler.decay import milestones_of
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from nn.optim.lr_scheduler.schedule import Schedule

__all__ = ["ChainedScheduler", "SequentialLR"]


def _schedules(what: str, value: Any) -> list[Schedule]:
    """At least one schedule, all counting the same."""
    if isinstance(value, Schedule) or not isinstance(value, Iterable):
        raise TypeError(f"{what} is {value!r}, expected a list of schedules")
    schedules = list(value)
    for i, schedule in enumerate(schedules):
        if not isinstance(schedule, Schedule):
            hint = "; write nn.optim.LambdaLR(function)" if callable(schedule) else ""
            raise TypeError(f"{what}: number {i} is a {type(schedule).__name__}, expected a schedule{hint}")
        if isinstance(schedule, ReduceLROnPlateau):
            raise TypeError(f"{what}: number {i} is a ReduceLROnPlateau, which is not a function of t")
    counted = [schedule.every for schedule in schedules]
    if not counted:
        raise ValueError(f"{what} is empty, expected at least one schedule")
    if len(set(counted)) > 1:
        raise ValueError(f"{what} count different things ({', '.join(counted)}); give all of them every='batch'")
    return schedules


class _Combined(Schedule):
    schedulers = Setting(_schedules)

    def __init__(self, schedulers: Iterable[Schedule]) -> None:
        self.schedulers = schedulers
        self.every = self.schedulers[0].every


class SequentialLR(_Combined):
    """One schedule after another: a warm-up and a cosine, for instance. Each counts t from its own milestone.

    Arguments:
        schedulers: the schedules. They count the same, epochs or steps, and so does this one.
        milestones: the t at which the second begins, the third, and so on: one less than there are schedules.

    Raises:
        TypeError: if `schedulers` are not schedules, or one has a state.
        ValueError: if there are none, they count different things, or the milestones do not fit.

    >>> import nn
    >>> warm_up = nn.optim.LinearLR(0.25, total_iters=3)
    >>> schedule = nn.optim.SequentialLR([warm_up, nn.optim.CosineAnnealingLR(4)], [3])
    >>> [round(schedule(t), 3) for t in range(8)]
    [0.25, 0.5, 0.75, 1.0, 0.854, 0.5, 0.146, 0.0]
    """

    milestones = Setting(milestones_of)

    def __init__(self, schedulers: Iterable[Schedule], milestones: Sequence[int]) -> None:
        super().__init__(schedulers)
        self.milestones = milestones
        n = len(self.schedulers)
        if len(self.milestones) != n - 1 or any(a >= b for a, b in pairwise([0, *self.milestones])):
            raise ValueError(
                f"SequentialLR: milestones are {self.milestones}, expected {n - 1} for {n} schedules, each greater "
                "than the one before and than 0"
            )

    def _factor(self, t: int, base: float | None) -> float:
        i = bisect_right(self.milestones, t)
        start = self.milestones[i - 1] if i else 0
        return float(self.schedulers[i](t - start, base))


class ChainedScheduler(_Combined):
    """The product of several schedules at the same t.

    Arguments:
        schedulers: the schedules. They count the same, epochs or steps, and so does this one.

    Raises:
        TypeError: if `schedulers` are not schedules, or one has a state.
        ValueError: if there are none, or they count different things.

    >>> import nn
    >>> schedule = nn.optim.ChainedScheduler([nn.optim.ConstantLR(0.5, 2), nn.optim.ExponentialLR(0.5)])
    >>> [schedule(t) for t in range(4)]
    [0.5, 0.25, 0.25, 0.125]
    """

    def _factor(self, t: int, base: float | None) -> float:
        return float(math.prod(schedule(t, base) for schedule in self.schedulers))
