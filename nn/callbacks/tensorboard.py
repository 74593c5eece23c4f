"""The numbers of each epoch for TensorBoard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback
from nn.hyperparameters import whole_number

__all__ = ["TensorBoard"]

_FLUSH = 1  # seconds until the file has what was written, which happens in a thread


class TensorBoard(Callback):
    """Writes the numbers of each epoch, and the learning rate, for TensorBoard: ``tensorboard --logdir logs``.

    Training and validation of a number are in one section: ``loss/train`` and ``loss/validation``. A metric with a
    value for each class has a curve for each, ``recall/train/0``; a matrix is left out. It needs tensorboardX:
    ``pip install "minigrad-autograd[tensorboard]"``. A training that goes on from a checkpoint hides what an
    interrupted one wrote after it.

    Arguments:
        log_dir: the folder of this training. Give each training its own, ``logs/first`` and ``logs/second``:
            TensorBoard compares those in one folder, and draws two that share a folder as one curve.
        histograms: after how many epochs to write the distributions of all parameters, and of their gradients in the
            last step; 0 for never.

    Attributes:
        writer: the ``SummaryWriter`` of tensorboardX during a training, for what a callback of your own adds, as
            ``board.writer.add_figure("filters", nn.plot.filters(model), run.epoch)``; ``None`` before and after.

    Raises:
        TypeError: if `log_dir` is not the name of a folder, or `histograms` not a whole number.
        ValueError: if `histograms` is negative.
        ImportError: when the training begins, if tensorboardX is not installed.

    Warns:
        UserWarning: when a training begins in a folder in which another one has written.

    >>> import nn
    >>> board = nn.callbacks.TensorBoard("logs/lenet", histograms=1)
    """

    def __init__(self, log_dir: str | os.PathLike[str] = "logs", *, histograms: int = 0) -> None:
        if not isinstance(log_dir, str | os.PathLike):
            raise TypeError(f"TensorBoard: log_dir is a {type(log_dir).__name__}, expected the name of a folder")
        self.log_dir = os.fspath(log_dir)
        self.histograms = whole_number("TensorBoard: histograms", histograms, least=0)
        self.writer: Any = None

    def on_train_begin(self, run: Any) -> None:
        """Open the file; of several processes, the first one does."""
        if run.comm.rank:
            return
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            raise ImportError('TensorBoard needs tensorboardX: pip install "minigrad-autograd[tensorboard]"') from None
        if not run.step and any(Path(self.log_dir).glob("events.out.tfevents.*")):
            mg.user_frame.warn(
                f"TensorBoard: another training has written into {self.log_dir!r}, and TensorBoard draws both as one "
                f"curve; give each its own folder, as {os.path.join(self.log_dir, 'second')!r}",
                UserWarning,
            )
        later = len(run.history.epoch) + 1
        self.writer = SummaryWriter(self.log_dir, purge_step=later if run.step else None, flush_secs=_FLUSH)

    def on_epoch_end(self, run: Any) -> None:
        """Write the numbers of this epoch, and the distributions if it is their turn."""
        if self.writer is None:
            return
        for tag, value in (_rates(run.optimizer) | dict(_scalars(run.logs))).items():
            self.writer.add_scalar(tag, float(value), run.epoch)
        if self.histograms and run.epoch % self.histograms == 0:
            for name, parameter in run.model.named_parameters():
                self._add_histogram(f"parameters/{name}", parameter.data, run.epoch)
                if parameter.grad is not None:
                    self._add_histogram(f"gradients/{name}", parameter.grad, run.epoch)

    def _add_histogram(self, tag: str, values: Any, epoch: int) -> None:
        numbers = np.asarray(mg.to(values, "cpu"), dtype=np.float64).ravel()
        if numbers.size and np.isfinite(numbers).all():  # it fails at others, which a training refuses by itself
            self.writer.add_histogram(tag, numbers, epoch)

    def on_train_end(self, run: Any) -> None:  # noqa: ARG002
        """Close the file."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None


def _rates(optimizer: Any) -> dict[str, float]:
    """The learning rate, or those of several groups by their numbers."""
    rates = [group["lr"] for group in optimizer.param_groups]
    return {"lr": rates[0]} if len(rates) == 1 else {f"lr/{i}": rate for i, rate in enumerate(rates)}


def _scalars(logs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The numbers of an epoch, by the names of their curves."""
    for name, value in logs.items():
        axes = np.ndim(value)
        if axes == 0 and name != "lr":
            yield _tag(name), value
        elif axes == 1:
            yield from ((f"{_tag(name)}/{i}", number) for i, number in enumerate(value))


def _tag(name: str) -> str:
    return f"{name.removeprefix('val_')}/validation" if name.startswith("val_") else f"{name}/train"
