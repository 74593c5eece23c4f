"""Precision, recall and their harmonic mean, of each class or averaged over classes."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

import minigrad as mg
from nn.metrics.classes import ClassMetric
from nn.typing import Array

__all__ = ["F1", "Precision", "Recall"]

Average = Literal["auto", "binary", "macro", "micro", "weighted"] | None

_AVERAGES = ("auto", "binary", "macro", "micro", "weighted", None)


class _OfEachClass(ClassMetric):
    """A fraction of each class, of which scikit-learn's averages are taken."""

    _sums: ClassVar[tuple[str, ...]] = ("hits", "predicted", "true", "binary")

    def __init__(
        self, average: Average = "auto", *, threshold: float | None = None, ignore_index: int | None = None
    ) -> None:
        if average not in _AVERAGES:
            raise ValueError(
                f"{type(self).__name__}: average is {average!r}, expected "
                f"{', '.join(map(repr, _AVERAGES[:-1]))} or None"
            )
        self.average = average
        super().__init__(threshold=threshold, ignore_index=ignore_index)

    def reset(self) -> None:
        """Forget all samples."""
        self._reset_for(0, binary=False)

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        predicted, true, n, binary = self._classes(output, target)
        name = type(self).__name__
        if self.average == "binary" and n != 2:
            raise ValueError(f"{name}: average='binary' is for two classes, and there are {n}; write average='macro'")
        if not self.hits.size:
            self._reset_for(n, binary)
        elif len(self.hits) != n or self.binary != binary:
            raise ValueError(f"{name}: got outputs of {n} classes after {len(self.hits)}; reset() it first")
        for sums, numbers in ((self.hits, true[predicted == true]), (self.predicted, predicted), (self.true, true)):
            sums += np.bincount(mg.to(numbers, "cpu").ravel().astype(np.int64, copy=False), minlength=n)

    def _reset_for(self, n: int, binary: bool) -> None:
        """Set the sums of n classes to 0."""
        self.hits, self.predicted, self.true = (np.zeros(n, dtype=np.int64) for _ in range(3))
        self.binary = binary

    def compute(self) -> float | Array:
        """The value over all samples so far: a number, or with ``average=None`` one for each class, ``(C,)`` float64.

        NaN if there are no samples that count.
        """
        if not self.true.sum():
            return np.full(len(self.true), math.nan) if self.average is None else math.nan
        average = ("binary" if self.binary else "macro") if self.average == "auto" else self.average
        numerator, denominator = self._fraction()
        if average == "micro":
            return float(_divided(numerator.sum(keepdims=True), denominator.sum(keepdims=True))[0])
        of_classes = _divided(numerator, denominator)
        if average == "binary":
            return float(of_classes[1])
        if average == "macro":
            return float(of_classes[(self.true > 0) | (self.predicted > 0)].mean())
        return float(np.average(of_classes, weights=self.true)) if average == "weighted" else of_classes

    def _fraction(self) -> tuple[Array, Array]:
        """What is divided by what, of each class."""
        raise NotImplementedError


def _divided(numerator: Array, denominator: Array) -> Array:
    """The quotient, and 0 where there is nothing to divide by."""
    return np.divide(numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0)


class Precision(_OfEachClass):
    """Of the targets predicted as a class, the share that are of this class; 0 if none was predicted.

    Arguments:
        average: over classes: ``"macro"``, the mean over those that occur; ``"weighted"``, by the number of their
            targets; ``"micro"``, of all decisions together; ``"binary"``, class 1 of two; ``None``, no average, an
            array. ``"auto"`` is ``"binary"`` for binary outputs, ``(N,)`` or ``(N, 1)``, and ``"macro"`` for others.
        threshold, ignore_index: as for `Accuracy`.

    Shapes: as for `Accuracy`.

    Raises:
        TypeError, ValueError: as for `Accuracy`, and for an average that there is not.

    >>> import nn, numpy as np
    >>> precision = nn.metrics.Precision()
    >>> precision.update(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1, 1, 0, 1]))
    >>> round(precision.compute(), 4)
    0.6667
    """

    name = "precision"

    def _fraction(self) -> tuple[Array, Array]:
        return self.hits, self.predicted


class Recall(_OfEachClass):
    """Of the targets of a class, the share that are predicted as this class; 0 if there are none.

    Arguments:
        average, threshold, ignore_index: as for `Precision`.

    Shapes: as for `Accuracy`.

    Raises:
        TypeError, ValueError: as for `Precision`.

    >>> import nn, numpy as np
    >>> recall = nn.metrics.Recall()
    >>> recall.update(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1, 1, 0, 1]))
    >>> round(recall.compute(), 4)
    0.6667
    """

    name = "recall"

    def _fraction(self) -> tuple[Array, Array]:
        return self.hits, self.true


class F1(_OfEachClass):
    """The harmonic mean of precision and recall; 0 if a class neither occurs nor was predicted.

    Arguments:
        average, threshold, ignore_index: as for `Precision`. Averages are those of the F1 of the classes.

    Shapes: as for `Accuracy`.

    Raises:
        TypeError, ValueError: as for `Precision`.

    >>> import nn, numpy as np
    >>> f1 = nn.metrics.F1(average=None)
    >>> f1.update(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1]))
    >>> f1.compute().round(4)
    array([0.6667, 0.6667])
    """

    name = "f1"

    def _fraction(self) -> tuple[Array, Array]:
        return 2 * self.hits, self.predicted + self.true
