"""Learning rates that fall as a cosine, once or again and again."""

from __future__ import annotations

import math
from functools import partial

from nn.hyperparameters import Setting, finite_number, whole_number
from nn.optim.lr_scheduler.schedule import Every, Schedule

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts", "half_wave"]


def half_wave(first: float, last: float, share: float) -> float:
    """The value after a `share` of the way from `first` to `last`, along half a cosine wave.

    >>> half_wave(4.0, 2.0, 0.0), half_wave(4.0, 2.0, 0.5), half_wave(4.0, 2.0, 1.0)
    (4.0, 3.0, 2.0)
    """
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2


class _Cosine(Schedule):
    """What both share: half a wave from the base to `eta_min`."""

    eta_min = Setting(finite_number)

    def _half_wave(self, share: float, base: float | None) -> float:
        low = self._over_base(self.eta_min, "eta_min", base) if self.eta_min else 0.0
        return half_wave(1.0, low, share)


class CosineAnnealingLR(_Cosine):
    """½ (1 + cos(π t / T_max)): slowly, fast and slowly again from the base to 0, which it reaches at t = T_max.

    With `eta_min`, a learning rate, it ends there: eta_min + ½ (base − eta_min) (1 + cos(π t / T_max)), over the base.
    After T_max it rises again, as PyTorch's.

    Arguments:
        T_max: the number of epochs, or of steps.
        eta_min: the least learning rate. If it is not 0, the base has to be given in a call: ``schedule(t, base)``.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.

    >>> import nn
    >>> schedule = nn.optim.CosineAnnealingLR(4)
    >>> [round(schedule(t), 3) for t in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    >>> nn.optim.CosineAnnealingLR(4, eta_min=0.25)(4, base=1.0)
    0.25
    """

    T_max = Setting(partial(whole_number, least=1))

    def __init__(self, T_max: int, eta_min: float = 0.0, *, every: Every = "epoch") -> None:
        self.T_max = T_max
        self.eta_min = eta_min
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        return self._half_wave(t / self.T_max, base)


class CosineAnnealingWarmRestarts(_Cosine):
    """`CosineAnnealingLR` again and again: it starts anew after T_0 epochs, and then after periods T_mult times longer.

    Arguments:
        T_0: the number of epochs, or of steps, until the first restart.
        T_mult: the factor by which each period is longer than the one before, a whole number.
        eta_min: the least learning rate, as for `CosineAnnealingLR`.
        every: whether t counts ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.

    >>> import nn
    >>> schedule = nn.optim.CosineAnnealingWarmRestarts(2, T_mult=2)
    >>> [round(schedule(t), 3) for t in range(7)]
    [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
    """

    T_0 = Setting(partial(whole_number, least=1))
    T_mult = Setting(partial(whole_number, least=1))

    def __init__(self, T_0: int, T_mult: int = 1, eta_min: float = 0.0, *, every: Every = "epoch") -> None:
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        period = self.T_0
        if self.T_mult == 1:
            t %= period
        while t >= period:
            t -= period
            period *= self.T_mult
        return self._half_wave(t / period, base)
