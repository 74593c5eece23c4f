"""A learning rate that falls when the loss does not."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, ClassVar, Literal

from nn.hyperparameters import Setting, finite_number, whole_number
from nn.optim.lr_scheduler.schedule import Schedule, one_of
from nn.unsupported import explains_calls

__all__ = ["ReduceLROnPlateau"]

_count = partial(whole_number, least=0)


def _less_than_one(what: str, value: Any) -> float:
    number = finite_number(what, value)
    if number >= 1:
        raise ValueError(f"{what} is {value}, expected a number less than 1: the learning rate is to fall")
    return number


def _metric(what: str, value: Any) -> float:
    """A number, which may be infinite or NaN."""
    if isinstance(value, dict):
        raise TypeError(f"{what} is a dict, expected a number; write nn.evaluate(model, data)['loss']")
    number = value.item() if getattr(value, "size", 0) == 1 else value  # of an array or a Tensor
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise TypeError(f"{what} is a {type(value).__name__}, expected a number")
    return float(number)


class ReduceLROnPlateau(Schedule):
    """Multiplies the learning rate by `factor` when a loss has not become better for more than `patience` epochs.

    It has a state, and is not a function of t: ``step(loss)`` after every epoch takes the loss in, and the schedule
    called with any t gives the factor from then on. `fit` does both, with the validation loss, or the loss if there are
    no validation data. In a loop of one's own::

        for epoch in range(epochs):
            optimizer.lr = base * schedule(epoch, base)
            …
            schedule.step(nn.evaluate(model, validation)["loss"])

    Arguments:
        mode: ``"min"`` if less is better, ``"max"`` if more is, as of an accuracy.
        factor: the factor, less than 1.
        patience: the number of epochs without improvement that are passed over.
        threshold: what counts as an improvement: 0.0001 is one of 0.01 %.
        threshold_mode: ``"rel"`` for a share of the best value so far, ``"abs"`` for a difference.
        cooldown: the number of epochs after each reduction that are not counted.
        min_lr: the least learning rate. If it is not 0, the base has to be given in a call: ``schedule(t, base)``.
        eps: a difference of learning rates that is too small for a reduction. It counts where the base is given.

    Attributes:
        best: the best value so far.
        num_bad_epochs: the number of epochs since then, or since the last reduction.
        cooldown_counter: the number of epochs that will not be counted.
        num_reductions: how many times the learning rate was to be reduced.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    >>> import nn
    >>> schedule = nn.optim.ReduceLROnPlateau(factor=0.5, patience=1)
    >>> for loss in (0.9, 0.8, 0.8, 0.81):
    ...     schedule.step(loss)
    ...     print(schedule(0))
    1.0
    1.0
    1.0
    0.5
    """

    _state: ClassVar[tuple[str, ...]] = ("best", "num_bad_epochs", "cooldown_counter", "num_reductions")

    mode = Setting(one_of("min", "max"))
    factor = Setting(_less_than_one)
    patience = Setting(_count)
    threshold = Setting(finite_number)
    threshold_mode = Setting(one_of("rel", "abs"))
    cooldown = Setting(_count)
    min_lr = Setting(finite_number)
    eps = Setting(finite_number)

    best = Setting(_metric)
    num_bad_epochs = Setting(_count)
    cooldown_counter = Setting(_count)
    num_reductions = Setting(_count)

    def __init__(
        self,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0
        self.num_reductions = 0

    @explains_calls
    def step(self, metrics: float) -> None:
        """Take in the loss of an epoch.

        Raises:
            TypeError: if it is not a number.
        """
        value = _metric("ReduceLROnPlateau.step: metrics", metrics)
        if self._is_better(value):
            self.best = value
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.num_reductions += 1
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0

    def _is_better(self, value: float) -> bool:
        sign = -1 if self.mode == "min" else 1
        step = sign * self.threshold
        needed = self.best * (1 + step) if self.threshold_mode == "rel" else self.best + step
        return bool(sign * value > sign * needed)

    def _factor(self, t: int, base: float | None) -> float:
        if self.min_lr:
            self._over_base(self.min_lr, "min_lr", base)  # has to be known
        lr = start = base or 1.0
        for _ in range(self.num_reductions):
            reduced = max(lr * self.factor, self.min_lr)
            lr = reduced if lr - reduced > (self.eps if base else 0) else lr
        return float(lr / start)
