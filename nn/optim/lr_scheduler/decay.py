"""Learning rates that fall, and rise to the base in a warm-up: in steps, exponentially, linearly, as a power."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import partial
from typing import Any

from nn.hyperparameters import Setting, finite_number, positive_number, whole_number
from nn.optim.lr_scheduler.schedule import Every, Schedule

__all__ = ["ConstantLR", "ExponentialLR", "LinearLR", "MultiStepLR", "PolynomialLR", "StepLR", "milestones_of"]

_count = partial(whole_number, least=1)
_share = partial(finite_number, most=1)


def milestones_of(what: str, value: Any) -> list[int]:
    """Whole numbers of at least 0, in a list."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{what} is {value!r}, expected a list of whole numbers, as [30, 60]")
    return [whole_number(what, number, least=0) for number in value]


def _positive_share(what: str, value: Any) -> float:
    return _share(what, positive_number(what, value))


class ConstantLR(Schedule):
    """`factor` until t = total_iters, and 1 from then on: a simple warm-up.

    Arguments:
        factor: from 0 to 1.
        total_iters: the number of steps or epochs with this factor.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    >>> import nn
    >>> schedule = nn.optim.ConstantLR(0.25, total_iters=2)
    >>> [schedule(t) for t in range(4)]
    [0.25, 0.25, 1.0, 1.0]
    """

    factor = Setting(_share)
    total_iters = Setting(partial(whole_number, least=0))

    def __init__(self, factor: float = 1 / 3, total_iters: int = 5, *, every: Every = "epoch") -> None:
        self.factor = factor
        self.total_iters = total_iters
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return self.factor if t < self.total_iters else 1.0


class StepLR(Schedule):
    """gamma^⌊t / step_size⌋: the learning rate is multiplied by `gamma` after every `step_size` epochs.

    Arguments:
        step_size: the number of epochs, or of steps, from one multiplication to the next.
        gamma: the factor.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    >>> import nn
    >>> schedule = nn.optim.StepLR(2, gamma=0.5)
    >>> [schedule(t) for t in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    step_size = Setting(_count)
    gamma = Setting(finite_number)

    def __init__(self, step_size: int, gamma: float = 0.1, *, every: Every = "epoch") -> None:
        self.step_size = step_size
        self.gamma = gamma
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return float(self.gamma ** (t // self.step_size))


class MultiStepLR(Schedule):
    """gamma^m, where m is the number of milestones that t has reached.

    Arguments:
        milestones: epochs or steps, in any order; one that is there twice counts twice.
        gamma: the factor at each of them.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range, or `milestones` not a list of them.

    >>> import nn
    >>> schedule = nn.optim.MultiStepLR([1, 4], gamma=0.5)
    >>> [schedule(t) for t in range(6)]
    [1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    """

    milestones = Setting(lambda what, value: sorted(milestones_of(what, value)))
    gamma = Setting(finite_number)

    def __init__(self, milestones: Iterable[int], gamma: float = 0.1, *, every: Every = "epoch") -> None:
        self.milestones = milestones
        self.gamma = gamma
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return float(self.gamma ** bisect_right(self.milestones, t))


class ExponentialLR(Schedule):
    """gamma^t.

    Arguments:
        gamma: the factor from one epoch or step to the next.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if `gamma` is not a number of at least 0.

    >>> import nn
    >>> schedule = nn.optim.ExponentialLR(0.5)
    >>> [schedule(t) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """

    gamma = Setting(finite_number)

    def __init__(self, gamma: float, *, every: Every = "epoch") -> None:
        self.gamma = gamma
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return float(self.gamma**t)


class LinearLR(Schedule):
    """A straight line from `start_factor` to `end_factor`, which it reaches at t = total_iters: the usual warm-up.

    start + (end − start) · min(t, total_iters) / total_iters. `SequentialLR` puts it before another schedule.

    Arguments:
        start_factor: greater than 0, at most 1.
        end_factor: from 0 to 1.
        total_iters: the number of epochs, or of steps.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    >>> import nn
    >>> schedule = nn.optim.LinearLR(0.25, total_iters=3)
    >>> [schedule(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    start_factor = Setting(_positive_share)
    end_factor = Setting(_share)
    total_iters = Setting(_count)

    def __init__(
        self, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5, *, every: Every = "epoch"
    ) -> None:
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        share = min(t, self.total_iters) / self.total_iters
        return float(self.start_factor + (self.end_factor - self.start_factor) * share)


class PolynomialLR(Schedule):
    """(1 − min(t, total_iters) / total_iters)^power: it falls to 0 at t = total_iters; linearly, with a power of 1.

    Arguments:
        total_iters: the number of epochs, or of steps.
        power: the exponent, at least 0.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    >>> import nn
    >>> schedule = nn.optim.PolynomialLR(4, power=2)
    >>> [schedule(t) for t in range(6)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    total_iters = Setting(_count)
    power = Setting(finite_number)

    def __init__(self, total_iters: int = 5, power: float = 1.0, *, every: Every = "epoch") -> None:
        self.total_iters = total_iters
        self.power = power
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return float((1 - min(t, self.total_iters) / self.total_iters) ** self.power)
