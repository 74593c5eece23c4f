"""Stop when the validation loss no longer falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nn.callbacks.callback import Callback
from nn.callbacks.monitor import Mode, Monitor
from nn.callbacks.state import checked_state
from nn.hyperparameters import true_or_false, whole_number

__all__ = ["EarlyStopping"]


class EarlyStopping(Callback):
    """Stops the training after `patience` epochs in which a number did not become better.

    Arguments:
        monitor: the name of the number in the logs of an epoch.
        patience: the number of epochs without improvement after which it stops; 0 is as 1.
        min_delta: how much better the number has to be to count as an improvement.
        mode: ``"min"`` if less is better, ``"max"`` if more is; ``"auto"`` knows it of losses, errors, and the metrics
            of classes.
        restore_best_weights: whether to set the weights and buffers of the model, at the end of the training, to those
            of the best epoch. NaN is not better than anything.

    Attributes:
        best: the best value so far.
        best_epoch: its epoch, counted from 1; 0 if there is none.
        wait: the number of epochs since then.

    Raises:
        TypeError, ValueError: if a setting is not in its range; at the end of the first epoch, if there is no such
            number.

    The idea is as old as the validation set: L. Prechelt, Early stopping – but when?, 1998.

    >>> import nn, numpy as np
    >>> x, t = np.zeros((4, 2), dtype=np.float32), np.array([0, 1, 0, 1])  # there is nothing to learn from the inputs
    >>> stop = nn.callbacks.EarlyStopping("loss", patience=2, min_delta=0.1)
    >>> history = nn.fit(nn.Linear(2, 2, rng=0), x, t, epochs=50, callbacks=[stop], rng=0, verbose=False)
    >>> history.epoch
    [1, 2, 3]
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 0,
        *,
        min_delta: float = 0.0,
        mode: Mode = "auto",
        restore_best_weights: bool = False,
    ) -> None:
        self.monitor = Monitor("EarlyStopping", monitor, mode, min_delta)
        self.patience = whole_number("EarlyStopping: patience", patience, least=0)
        self.restore_best_weights = true_or_false("EarlyStopping: restore_best_weights", restore_best_weights)
        self._reset()

    def _reset(self) -> None:
        self.best = self.monitor.worst
        self.best_epoch = self.wait = 0
        self.best_weights: dict[str, Any] | None = None

    def on_train_begin(self, run: Any) -> None:
        """Begin anew, unless the training goes on from a checkpoint."""
        if run.step == 0:
            self._reset()

    def on_epoch_end(self, run: Any) -> None:
        """Compare the number of this epoch with the best one."""
        value = self.monitor.value(run)
        if self.monitor.is_better(value, self.best):
            self.best, self.best_epoch, self.wait = value, run.epoch, 0
            if self.restore_best_weights:
                self.best_weights = _weights(run.model)
            return
        self.wait += 1
        if self.wait >= self.patience:
            run.stop(self._reason(value))

    def on_train_end(self, run: Any) -> None:
        """Set the model to the weights of the best epoch, if that was asked for and there was one."""
        if self.best_weights is not None:
            run.model.load_state_dict(self.best_weights)

    def _reason(self, value: float) -> str:
        name = self.monitor.name
        if not self.best_epoch:
            return f"{name} is {value} after {self.wait} epoch{'s' * (self.wait > 1)}"
        restored = "; these weights are restored" * self.restore_best_weights
        return f"{name} did not improve on {self.best:.4g} of epoch {self.best_epoch}{restored}"

    def state_dict(self) -> dict[str, Any]:
        """The best value and its epoch, the epochs since then, and the best weights."""
        return {
            "best": self.best,
            "best_epoch": self.best_epoch,
            "wait": self.wait,
            "best_weights": None if self.best_weights is None else dict(self.best_weights),
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        vars(self).update(checked_state(self, state_dict))


def _weights(model: Any) -> dict[str, Any]:
    """Copies of weights and buffers; generators go on from where they are."""
    generators = dict(model.named_generators())
    return {name: array for name, array in model.state_dict().items() if name not in generators}
