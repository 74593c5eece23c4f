"""The learning rate during a training: the base of each group of parameters, times the factor of a schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nn.optim.groups.parameter_group import ParameterGroup
from nn.optim.lr_scheduler.function import LambdaLR
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from nn.optim.lr_scheduler.schedule import Schedule
from nn.optim.optimizer import Optimizer

__all__ = ["LearningRate"]


class LearningRate:
    """Sets the learning rates of an optimizer before each step.

    The factor of a schedule is that for the base with which the training began. So a base that is reduced later, by a
    callback, reduces the learning rate also where the schedule was constructed with one, as `OneCycleLR`.

    Arguments:
        optimizer: the optimizer.
        schedule: a schedule, a function of the epoch, or ``None``, which leaves them alone.
        varies: whether something else changes them: then the history has them, too.
        epochs, steps: the number of epochs, and of the optimizer's steps in each of them, ``None`` if it is not known.

    Raises:
        TypeError: if `schedule` is none of these.
        ValueError: if it is over before the training is, or is a `ReduceLROnPlateau` that waits for a larger loss.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedule: Schedule | Callable[[int], float] | None,
        epochs: int,
        steps: int | None,
        varies: bool = False,
    ) -> None:
        self.optimizer = optimizer
        self.schedule = None if schedule is None else _as_schedule(schedule)
        self.varies = varies or schedule is not None
        self._bases = [_base(group) for group in optimizer.param_groups]
        if isinstance(schedule, Schedule) and epochs and not (schedule.every == "batch" and steps is None):
            self._factors(epochs - 1, epochs * (steps or 0) - 1)  # what would fail at the end fails before the training

    def set(self, epoch: int, step: int) -> None:
        """Set those of a step; epochs, and the steps of all of them together, are counted from 0."""
        if self.schedule is not None:
            factors = self._factors(epoch, step)
            for group, factor in zip(self.optimizer.param_groups, factors, strict=True):
                group.scale_lr(factor)

    def restore(self) -> None:
        """Set them to their base again, after the training."""
        if self.schedule is not None:
            self.optimizer.scale_lr(1)

    def watch(self, means: dict[str, float]) -> None:
        """Let a schedule that watches the loss know it: that of the validation, if there is one."""
        if isinstance(self.schedule, ReduceLROnPlateau):
            if not {"loss", "val_loss"} & means.keys():
                raise ValueError(
                    "Run: ReduceLROnPlateau watches the loss, which this run does not know; call "
                    "run.update(loss, y, t) in the loop, or pass validation_data"
                )
            self.schedule.step(means["val_loss" if "val_loss" in means else "loss"])

    def shown(self) -> dict[str, float]:
        """The learning rate for the history, under Keras's name; of several groups, that of the first."""
        return {"lr": self.optimizer.param_groups[0]["lr"]} if self.varies else {}

    def _factors(self, epoch: int, step: int) -> list[float]:
        if self.schedule is None:
            return []
        t = step if self.schedule.every == "batch" else epoch
        groups = self.optimizer.param_groups
        self._bases += [_base(group) for group in groups[len(self._bases) :]]  # those that were added since
        return [self.schedule(t, base) for base in self._bases]

    def state_dict(self) -> dict[str, Any]:
        """The bases with which the training began."""
        return {"bases": list(self._bases)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned."""
        self._bases = [float(base) for base in state_dict["bases"]]


def _base(group: ParameterGroup) -> float:
    return float(group.get("initial_lr", group["lr"]))


def _as_schedule(given: Any) -> Schedule:
    if isinstance(given, ReduceLROnPlateau) and given.mode == "max":
        raise ValueError("fit: schedule watches the loss, which should be small: write ReduceLROnPlateau(mode='min')")
    if isinstance(given, Schedule):
        return given
    if isinstance(given, type):
        raise TypeError(
            f"fit: schedule is the class {given.__name__}, which has to be constructed: {given.__name__}(…)"
        )
    if not callable(given):
        raise TypeError(
            f"fit: schedule is {given!r}, expected a schedule or a function of the epoch; write "
            "schedule=nn.optim.CosineAnnealingLR(epochs), or schedule=lambda epoch: 0.95**epoch"
        )
    return LambdaLR(given)
