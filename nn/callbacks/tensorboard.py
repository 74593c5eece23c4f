"""The numbers of each epoch for TensorBoard."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from nn.callbacks.callback import Callback

__all__ = ["TensorBoard"]

_FLUSH = 1  # seconds until the file has what was written, which happens in a thread


class TensorBoard(Callback):
    """Writes the numbers of each epoch, and the learning rate, for TensorBoard: ``tensorboard --logdir logs``.

    Training and validation of a number are in one section: ``loss/train`` and ``loss/validation``. It needs
    tensorboardX: ``pip install "minigrad-autograd[tensorboard]"``. A training that goes on from a checkpoint hides
    what an interrupted one wrote after it.

    Arguments:
        log_dir: the folder of this training; those of several trainings in one folder are compared.

    Raises:
        TypeError: if `log_dir` is not the name of a folder.
        ImportError: when the training begins, if tensorboardX is not installed.

    >>> import nn
    >>> board = nn.callbacks.TensorBoard("logs/lenet")
    """

    def __init__(self, log_dir: str | os.PathLike[str] = "logs") -> None:
        if not isinstance(log_dir, str | os.PathLike):
            raise TypeError(f"TensorBoard: log_dir is a {type(log_dir).__name__}, expected the name of a folder")
        self.log_dir = os.fspath(log_dir)
        self._writer: Any = None

    def on_train_begin(self, run: Any) -> None:
        """Open the file; of several processes, the first one does."""
        if run.comm.rank:
            return
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            raise ImportError('TensorBoard needs tensorboardX: pip install "minigrad-autograd[tensorboard]"') from None
        later = len(run.history.epoch) + 1
        self._writer = SummaryWriter(self.log_dir, purge_step=later if run.step else None, flush_secs=_FLUSH)

    def on_epoch_end(self, run: Any) -> None:
        """Write the numbers of this epoch."""
        if self._writer is None:
            return
        rates = {"lr": run.optimizer.param_groups[0]["lr"]}
        for name, value in (rates | run.logs).items():
            if not np.ndim(value):
                self._writer.add_scalar(_tag(name), float(value), run.epoch)

    def on_train_end(self, run: Any) -> None:  # noqa: ARG002
        """Close the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _tag(name: str) -> str:
    if name == "lr":
        return name
    return f"{name.removeprefix('val_')}/validation" if name.startswith("val_") else f"{name}/train"
