"""Loss and accuracy, averaged over the targets of an epoch, and how they are shown."""

from __future__ import annotations

import math
from typing import Any

from nn.typing import Array

__all__ = ["RunningMetrics", "metric_text"]

_IGNORED = -100  # the default ignore_index of mg.cross_entropy, for losses that are functions


class RunningMetrics:
    """Means over the targets so far: one for each sample, or for each pixel where classes are on axis 1 of images.

    Arguments:
        loss: the loss function. Class numbers that are its ``ignore_index`` do not count.

    Attributes:
        count: the number of targets that count; of targets that are not class numbers, that of samples.
        loss: the sum of their losses.
        correct: the number of those that are classified correctly; ``None`` if targets are not class numbers.
    """

    def __init__(self, loss: Any = None) -> None:
        self._ignore_index = getattr(loss, "ignore_index", _IGNORED)
        self.count = 0
        self.loss = 0.0
        self.correct: int | None = None

    def add(self, loss: float, output: Array, target: Array) -> None:
        """Take a batch into account, with its mean loss."""
        n = len(target)
        if target.dtype.kind in "iub" and _are_classes(target.shape, output.shape):
            n = int((target != self._ignore_index).sum())
            right = (output.argmax(axis=1) == target) & (target != self._ignore_index)
            self.correct = (self.correct or 0) + int(right.sum())
        self.count += n
        self.loss += loss * n

    def means(self) -> dict[str, float]:
        """The mean loss, and the accuracy where targets are class numbers; NaN as long as all targets are ignored."""
        means = {"loss": self.loss / self.count if self.count else math.nan}
        if self.correct is not None:
            means["accuracy"] = self.correct / self.count if self.count else math.nan
        return means


def metric_text(name: str, value: float) -> str:
    """A number as it is shown; learning rates may be tiny."""
    return f"{value:.4g}" if name == "lr" else f"{value:.4f}"


def _are_classes(target: tuple[int, ...], output: tuple[int, ...]) -> bool:
    """Whether the shapes are those of class numbers and of outputs with several classes on axis 1."""
    return len(output) > 1 and output[1] > 1 and target == (output[0], *output[2:])
