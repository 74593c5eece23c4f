"""Write the weights of the model to a file after each epoch, or after the best ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn.callbacks.callback import Callback
from nn.callbacks.monitor import Mode, Monitor
from nn.callbacks.state import checked_state
from nn.hyperparameters import true_or_false
from nn.serialization.save import check_suffix, save

__all__ = ["ModelCheckpoint"]


class ModelCheckpoint(Callback):
    """Saves the weights of the model after each epoch, by `nn.save`.

    It is for weights alone. ``nn.fit(…, checkpoint=path)`` is for going on with a training: it keeps optimizer,
    schedule and position, too.

    Arguments:
        path: the name of the file, as for `nn.save`. ``{epoch}`` and names in the logs stand for their values, with a
            format if there is one: ``"models/{epoch:02d}-{val_loss:.3f}.safetensors"``. Without them, each file
            replaces the one before.
        monitor: the name of the number that says which epoch is best.
        mode: ``"min"`` if less is better, ``"max"`` if more is; ``"auto"`` knows it of losses, errors, and the metrics
            of classes.
        save_best_only: whether to save only epochs that are better than all before. NaN is not better than anything.

    Attributes:
        best: the best value so far.
        last_path: the file that was written last; ``None`` before.

    Raises:
        TypeError, ValueError: if a setting is not in its range, or `monitor` is given without `save_best_only`; at the
            end of the first epoch, if there is no such number, or `path` has a name that the logs do not have.
        OSError: if the file cannot be written.

    >>> import nn
    >>> best = nn.callbacks.ModelCheckpoint("best.safetensors", save_best_only=True)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        monitor: str = "val_loss",
        mode: Mode = "auto",
        save_best_only: bool = False,
    ) -> None:
        check_suffix("ModelCheckpoint", path)
        self.path = os.fspath(path)
        self.monitor = Monitor("ModelCheckpoint", monitor, mode)
        self.save_best_only = true_or_false("ModelCheckpoint: save_best_only", save_best_only)
        if not save_best_only and (monitor != "val_loss" or mode != "auto"):
            raise ValueError(
                f"ModelCheckpoint: every epoch is saved, so monitor={monitor!r} and mode={mode!r} say nothing; write "
                "save_best_only=True, too, or leave them out"
            )
        self._reset()

    def _reset(self) -> None:
        self.best = self.monitor.worst
        self.last_path: Path | None = None

    def on_train_begin(self, run: Any) -> None:
        """Begin anew, unless the training goes on from a checkpoint."""
        if run.step == 0:
            self._reset()

    def on_epoch_end(self, run: Any) -> None:
        """Save the model, if this epoch is to be saved."""
        if self.save_best_only:
            value = self.monitor.value(run)
            if not self.monitor.is_better(value, self.best):
                return
            self.best = value
        self.last_path = Path(self._filled(run))
        if run.comm.rank == 0:  # of several processes, the first one writes
            save(run.model, self.last_path)

    def _filled(self, run: Any) -> str:
        """The path of this epoch."""
        numbers = {name: float(value) for name, value in run.logs.items() if not np.ndim(value)}
        try:
            return self.path.format(epoch=run.epoch, **numbers)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(
                f"ModelCheckpoint: path {self.path!r} cannot be filled in ({error}); in braces it may have epoch, "
                f"{', '.join(numbers)}, with a format such as {{epoch:02d}} or {{loss:.3f}}"
            ) from None

    def state_dict(self) -> dict[str, Any]:
        """The best value so far, and the file that was written last."""
        return {"best": self.best, "last_path": None if self.last_path is None else str(self.last_path)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        state = checked_state(self, state_dict)
        self.best = state["best"]
        self.last_path = None if state["last_path"] is None else Path(state["last_path"])
