"""Reduce the learning rate when the validation loss no longer falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nn.callbacks.callback import Callback
from nn.callbacks.monitor import Mode, Monitor
from nn.callbacks.state import checked_state
from nn.hyperparameters import whole_number
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau as Plateau

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by `factor` after `patience` epochs in which a number did not become better.

    The arguments are Keras's, and so is how epochs are counted; `nn.optim.ReduceLROnPlateau` has PyTorch's. It reduces
    the base of each group of parameters: together with a schedule, the learning rate is the reduced base times the
    factor of the schedule. After the training, the learning rate stays reduced.

    Arguments:
        monitor: the name of the number in the logs of an epoch.
        factor: the factor, less than 1.
        patience: the number of epochs without improvement after which it is reduced; 0 is as 1.
        mode: ``"min"`` if less is better, ``"max"`` if more is; ``"auto"`` knows it of losses, errors, and the metrics
            of classes.
        min_delta: how much better the number has to be to count as an improvement.
        cooldown: epochs after each reduction, of which the last one is counted again.
        min_lr: the least base.

    Attributes:
        best: the best value so far.
        num_bad_epochs: the number of epochs since then, or since the last reduction.

    Raises:
        TypeError, ValueError: if a setting is not in its range; at the end of the first epoch, if there is no such
            number.

    >>> import nn
    >>> slower = nn.callbacks.ReduceLROnPlateau(factor=0.5, patience=3, min_lr=1e-5)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        *,
        mode: Mode = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        self.monitor = Monitor("ReduceLROnPlateau", monitor, mode, min_delta)
        patience = whole_number("ReduceLROnPlateau: patience", patience, least=0)
        cooldown = whole_number("ReduceLROnPlateau: cooldown", cooldown, least=0)
        # PyTorch reduces after more than `patience` bad epochs, and Keras counts the last epoch of a cooldown again.
        self._settings: dict[str, Any] = {
            "mode": self.monitor.mode,
            "factor": factor,
            "patience": max(patience - 1, 0),
            "threshold": min_delta,
            "threshold_mode": "abs",
            "cooldown": max(cooldown - 1, 0),
            "min_lr": min_lr,
            "eps": 0.0,
        }
        self._plateau = Plateau(**self._settings)

    @property
    def best(self) -> float:
        """The best value so far."""
        return float(self._plateau.best)

    @property
    def num_bad_epochs(self) -> int:
        """The number of epochs since the best one, or since the last reduction."""
        return int(self._plateau.num_bad_epochs)

    def on_train_begin(self, run: Any) -> None:
        """Begin anew, unless the training goes on from a checkpoint."""
        if run.step == 0:
            self._plateau = Plateau(**self._settings)

    def on_epoch_end(self, run: Any) -> None:
        """Compare the number of this epoch with the best one, and reduce the learning rate if it is time."""
        self._plateau.step(self.monitor.value(run))
        if self._plateau.num_reductions:
            for group in run.optimizer.param_groups:
                base, lr = group.get("initial_lr", group["lr"]), group["lr"]
                if base:
                    group["lr"] = base * self._plateau(0, base)
                    group.scale_lr(lr / base)  # a schedule stays where it is
            self._plateau.num_reductions = 0

    def state_dict(self) -> dict[str, Any]:
        """The best value so far, and the counts of epochs; the learning rates are in the optimizer's state."""
        return self._plateau.state_dict()

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        self._plateau.load_state_dict(checked_state(self, state_dict))
