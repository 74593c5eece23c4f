"""Loss and accuracy, averaged over the samples of an epoch."""

from __future__ import annotations

from nn.typing import Array

__all__ = ["RunningMetrics"]


class RunningMetrics:
    """Means over the samples so far.

    Attributes:
        samples: the number of samples.
        loss: the sum of their losses.
        correct: the number of correctly classified samples; ``None`` if targets are not class numbers.
    """

    def __init__(self) -> None:
        self.samples = 0
        self.loss = 0.0
        self.correct: int | None = None

    def add(self, loss: float, output: Array, target: Array) -> None:
        """Take a batch into account, with its mean loss."""
        n = len(target)
        self.samples += n
        self.loss += loss * n
        if target.dtype.kind in "iu" and output.ndim == 2:
            self.correct = (self.correct or 0) + int((output.argmax(axis=1) == target).sum())

    def means(self) -> dict[str, float]:
        """The mean loss, and the accuracy where targets are class numbers."""
        means = {"loss": self.loss / self.samples}
        if self.correct is not None:
            means["accuracy"] = self.correct / self.samples
        return means
