"""The share of targets that are predicted correctly."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.metrics.classes import (
    ClassMetric,
    are_class_numbers,
    are_one_hot,
    class_of_row,
    counted,
    of_classes,
    of_decisions,
)
from nn.metrics.metric import arrays_of
from nn.typing import Array

__all__ = ["Accuracy", "DefaultAccuracy", "TopKAccuracy"]


class Accuracy(ClassMetric):
    """The share of targets whose class has the greatest output.

    Arguments:
        threshold: binary outputs above it are a 1. If it is not given, 0 for `BCEWithLogitsLoss`, which takes logits,
            and 0.5 for others.
        ignore_index: the class number of targets that do not count; that of the loss if it is not given.

    Shapes: outputs ``(N, C)`` with class numbers ``(N,)``, or one-hot rows or probabilities ``(N, C)``; outputs
    ``(N, C, H, W)`` with a class for each pixel, ``(N, H, W)``; binary outputs ``(N,)`` or ``(N, 1)`` with targets 0
    and 1. With a binary cross-entropy, outputs ``(N, K)`` are K decisions for each sample.

    Raises:
        TypeError: if class numbers are not whole numbers.
        ValueError: if shapes do not fit, a class number is outside of the classes, or binary outputs are not
            probabilities where nothing says what they are.

    >>> import nn, numpy as np
    >>> accuracy = nn.metrics.Accuracy()
    >>> accuracy.update(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1]))
    >>> accuracy.update(np.array([[0.3, 0.7]]), np.array([[0, 1]]))  # a one-hot row
    >>> accuracy.compute()
    0.75
    """

    name = "accuracy"
    _sums: ClassVar[tuple[str, ...]] = ("correct", "count")
    _counts: ClassVar[tuple[str, ...]] = ("correct", "count")

    def reset(self) -> None:
        """Forget all samples."""
        self.correct = self.count = 0

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        predicted, true, _, _ = self._classes(output, target)
        self.correct += int(np.count_nonzero(predicted == true))
        self.count += true.size

    def compute(self) -> float:
        """The accuracy over all samples so far; NaN if there are none that count."""
        return self.correct / self.count if self.count else math.nan


class DefaultAccuracy(Accuracy):
    """The accuracy that is measured if no metrics were asked for, where targets say that they are classes.

    These are class numbers; one-hot rows with a cross-entropy; and 0 or 1 with a binary cross-entropy and one output
    for each sample. The first batch decides.

    Attributes:
        applies: whether they are; ``None`` before the first batch.
    """

    _sums: ClassVar[tuple[str, ...]] = ("correct", "count", "applies")
    _counts: ClassVar[tuple[str, ...]] = ("correct", "count")

    def reset(self) -> None:
        """Forget all samples."""
        super().reset()
        self.applies: bool | None = None

    def for_loss(self, loss: Any) -> None:
        """Take ``ignore_index`` and the threshold from a loss, and whether it is one of classes."""
        super().for_loss(loss)
        self._of_classes, self._of_decisions = of_classes(loss), of_decisions(loss)

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch, if its targets are classes."""
        if self.applies is None:
            self.applies = self._are_classes(*arrays_of(output, target))
        if self.applies:
            super().update(output, target)

    def _are_classes(self, output: Array, target: Array) -> bool:
        if are_class_numbers(output, target):
            return True
        if self._of_decisions:
            single = output.ndim == 1 or (output.ndim == 2 and output.shape[1] == 1)
            return single and target.size == len(output) and bool(((target == 0) | (target == 1)).all())
        several = output.ndim > 1 and output.shape[1] > 1
        return self._of_classes and several and output.shape == target.shape and are_one_hot(target)


class TopKAccuracy(ClassMetric):
    """The share of targets whose class is among the k greatest outputs.

    Of equal outputs, those of later classes come first, as in scikit-learn's ``top_k_accuracy_score``.

    Arguments:
        k: the number of outputs that are looked at.
        ignore_index: as for `Accuracy`.

    Shapes: as for `Accuracy`, but for binary outputs.

    Raises:
        TypeError, ValueError: as for `Accuracy`, and if there are fewer than k classes.

    >>> import nn, numpy as np
    >>> top_2 = nn.metrics.TopKAccuracy(2)
    >>> top_2.update(np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), np.array([1, 2]))
    >>> top_2.compute()
    0.5
    """

    _sums: ClassVar[tuple[str, ...]] = ("correct", "count")
    _counts: ClassVar[tuple[str, ...]] = ("correct", "count")

    def __init__(self, k: int = 5, *, ignore_index: int | None = None) -> None:
        self.k = whole_number("TopKAccuracy: k", k, least=1)
        self.name = f"top_{k}_accuracy"
        super().__init__(ignore_index=ignore_index)

    def reset(self) -> None:
        """Forget all samples."""
        self.correct = self.count = 0

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        output, target = arrays_of(output, target)
        if not (are_class_numbers(output, target) or (output.shape == target.shape and output.shape[1:2] > (1,))):
            raise ValueError(
                f"TopKAccuracy: outputs of shape {output.shape} and targets of shape {target.shape} do not fit; "
                "expected outputs (N, C) or (N, C, H, W) of several classes, and class numbers (N,) or (N, H, W), or "
                "one-hot rows of the outputs' shape"
            )
        n_classes = output.shape[1]
        if self.k > n_classes:
            raise ValueError(
                f"TopKAccuracy: k is {self.k}, and there are {n_classes} classes, so all would be correct; choose a "
                "smaller k"
            )
        true = target if output.shape != target.shape else class_of_row("TopKAccuracy", target)
        own = true.clip(0, n_classes - 1)[:, None]  # those outside are checked, or ignored, below
        score = np.take_along_axis(output, own, axis=1)
        number = mg.to(np.arange(n_classes).reshape(-1, *(1,) * (output.ndim - 2)), output.device)
        before = ~(output <= score) | ((output == score) & (number > own))  # NaN is before all others
        hits, *_ = counted("TopKAccuracy", before.sum(axis=1) < self.k, true, n_classes, self._ignored, binary=False)
        self.correct += int(np.count_nonzero(hits))
        self.count += hits.size

    def compute(self) -> float:
        """The accuracy over all samples so far; NaN if there are none that count."""
        return self.correct / self.count if self.count else math.nan
