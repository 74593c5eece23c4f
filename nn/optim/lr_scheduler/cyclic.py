"""Learning rates that rise and fall between bounds that are learning rates themselves."""

from __future__ import annotations

from functools import partial
from typing import Literal

from nn.hyperparameters import Setting, finite_number, positive_number, whole_number
from nn.optim.lr_scheduler.cosine import half_wave
from nn.optim.lr_scheduler.schedule import Every, Schedule, one_of

__all__ = ["CyclicLR", "OneCycleLR"]

_count = partial(whole_number, least=1)


class OneCycleLR(Schedule):
    """Up to `max_lr` in the first third of a training, and down again until its end, far below where it started.

    It starts at max_lr / div_factor and ends at max_lr / (div_factor · final_div_factor), whatever the base is, so the
    base has to be given in a call: ``optimizer.lr = base * schedule(t, base)``. `fit` does so.

    PyTorch also moves the momentum of the optimizer, down and up again; here it stays as it is.

    Arguments:
        max_lr: the greatest learning rate.
        total_steps: the number of steps; t is less. Or in its place:
        epochs, steps_per_epoch: two numbers whose product it is.
        pct_start: the share of the steps in which the learning rate rises, from 0 to 1.
        anneal_strategy: ``"cos"`` for half waves, ``"linear"`` for straight lines.
        div_factor, final_div_factor: how many times smaller it is at the start than `max_lr`, and at the end than at
            the start.
        three_phase: whether it falls to where it started as fast as it rose, and to its end in the rest of the steps.
        every: whether t counts steps, ``"batch"``, or ``"epoch"``.

    Raises:
        TypeError: if the number of steps is missing, or a setting is not a number.
        ValueError: if a setting is out of its range; in a call, if the cycle is over.

    Source: Smith, Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2017.

    >>> import nn
    >>> schedule = nn.optim.OneCycleLR(max_lr=0.1, total_steps=10, anneal_strategy="linear")
    >>> base = 0.1
    >>> [round(base * schedule(t, base), 3) for t in range(10)]
    [0.004, 0.052, 0.1, 0.086, 0.071, 0.057, 0.043, 0.029, 0.014, 0.0]
    """

    max_lr = Setting(finite_number)
    total_steps = Setting(_count)
    pct_start = Setting(partial(finite_number, most=1))
    anneal_strategy = Setting(one_of("cos", "linear"))
    div_factor = Setting(positive_number)
    final_div_factor = Setting(positive_number)

    def __init__(
        self,
        max_lr: float,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        div_factor: float = 25.0,
        final_div_factor: float = 10000.0,
        three_phase: bool = False,
        *,
        every: Every = "batch",
    ) -> None:
        self.max_lr = max_lr
        self.total_steps = _steps(total_steps, epochs, steps_per_epoch)
        self.pct_start = pct_start
        self.anneal_strategy = anneal_strategy
        self.div_factor = div_factor
        self.final_div_factor = final_div_factor
        self.three_phase = bool(three_phase)
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        if t >= self.total_steps:
            raise ValueError(
                f"OneCycleLR: t is {t}, and the cycle is over after t = {self.total_steps - 1}; give it the number of "
                f"all steps, at least total_steps={t + 1}"
            )
        return self._over_base(self._lr(t), "max_lr", base)

    def _lr(self, t: int) -> float:
        start = 0.0
        for end, first, last in self._phases():
            if t <= end:
                share = (t - start) / (end - start) if end > start else 1.0
                if self.anneal_strategy == "linear":
                    return first + (last - first) * share
                return half_wave(first, last, share)
            start = end
        raise AssertionError("the last phase ends with the last step")

    def _phases(self) -> list[tuple[float, float, float]]:
        """The step in which each phase ends, and the learning rates at its beginning and its end."""
        up, over = self.pct_start * self.total_steps - 1, self.total_steps - 1
        low = self.max_lr / self.div_factor
        least = low / self.final_div_factor
        if self.three_phase:
            return [(up, low, self.max_lr), (2 * up, self.max_lr, low), (over, low, least)]
        return [(up, low, self.max_lr), (over, self.max_lr, least)]


def _steps(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if (total_steps is None) == (epochs is None or steps_per_epoch is None):
        raise TypeError(
            "OneCycleLR: expected either total_steps, or epochs and steps_per_epoch; write "
            "OneCycleLR(max_lr, epochs=epochs, steps_per_epoch=len(loader))"
        )
    if total_steps is not None:
        return total_steps
    return _count("OneCycleLR: epochs", epochs) * _count("OneCycleLR: steps_per_epoch", steps_per_epoch)


class CyclicLR(Schedule):
    """Up in a straight line from `base_lr` to `max_lr` and down again, over and over.

    Both are learning rates, so the base of the optimizer has to be given in a call, whatever it is:
    ``optimizer.lr = base * schedule(t, base)``. `fit` does so. PyTorch also moves the momentum of the optimizer; here
    it stays as it is.

    Arguments:
        base_lr, max_lr: the least and the greatest learning rate.
        step_size_up, step_size_down: the number of steps up, and down; the same if not given.
        mode: the height of the triangles: always the same, ``"triangular"``; half of it after every cycle,
            ``"triangular2"``; or gamma^t times it, ``"exp_range"``.
        gamma: that of ``"exp_range"``.
        every: whether t counts steps, ``"batch"``, or ``"epoch"``.

    Raises:
        TypeError, ValueError: if a setting is not a number in its range.

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017.

    >>> import nn
    >>> schedule = nn.optim.CyclicLR(0.25, 0.75, step_size_up=2, mode="triangular2")
    >>> [schedule(t, base=1.0) for t in range(7)]
    [0.25, 0.5, 0.75, 0.5, 0.25, 0.375, 0.5]
    """

    base_lr = Setting(finite_number)
    max_lr = Setting(finite_number)
    step_size_up = Setting(_count)
    step_size_down = Setting(_count)
    mode = Setting(one_of("triangular", "triangular2", "exp_range"))
    gamma = Setting(finite_number)

    def __init__(
        self,
        base_lr: float,
        max_lr: float,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: Literal["triangular", "triangular2", "exp_range"] = "triangular",
        gamma: float = 1.0,
        *,
        every: Every = "batch",
    ) -> None:
        self.base_lr = base_lr
        self.max_lr = max_lr
        self.step_size_up = step_size_up
        self.step_size_down = step_size_up if step_size_down is None else step_size_down
        self.mode = mode
        self.gamma = gamma
        self.every = every

    def _factor(self, t: int, base: float | None) -> float:
        cycle, position = divmod(t, self.step_size_up + self.step_size_down)
        share = position / self.step_size_up
        if share > 1:
            share = 1 - (position - self.step_size_up) / self.step_size_down
        height = {"triangular": 1.0, "triangular2": 0.5**cycle, "exp_range": self.gamma**t}[self.mode]
        lr = self.base_lr + (self.max_lr - self.base_lr) * share * height
        return self._over_base(lr, "max_lr", base)
