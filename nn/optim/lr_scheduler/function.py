"""A schedule that is a function of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nn.hyperparameters import Setting, finite_number
from nn.optim.lr_scheduler.schedule import Every, Schedule

__all__ = ["LambdaLR"]


def _function(what: str, value: Any) -> Any:
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{what} is {value!r}, expected a function of the epoch: lambda t: 0.95**t")
    return value


class LambdaLR(Schedule):
    """``lr_lambda(t)``: a function of one's own as a schedule.

    `fit` takes a function of the epoch as it is; this class is for a function of the step, or a part of `SequentialLR`.

    Arguments:
        lr_lambda: takes t, and returns the factor, a number of at least 0.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError: if `lr_lambda` is not a function; in a call, if it does not return a number.
        ValueError: if `every` is neither; in a call, if the factor is negative, infinite or NaN.

    >>> import nn
    >>> schedule = nn.optim.LambdaLR(lambda t: 1 / (1 + t))
    >>> [schedule(t) for t in range(4)]
    [1.0, 0.5, 0.3333333333333333, 0.25]
    """

    lr_lambda = Setting(_function)

    def __init__(self, lr_lambda: Callable[[int], float], *, every: Every = "epoch") -> None:
        self.lr_lambda = lr_lambda
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return finite_number(f"LambdaLR: lr_lambda({t})", self.lr_lambda(t))
