"""How often each class was predicted as each class."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

import minigrad as mg
from nn.metrics.classes import ClassMetric
from nn.printed_text import html_table
from nn.typing import Array

__all__ = ["ConfusionMatrix"]

_WIDEST = 40  # columns of a table


class ConfusionMatrix(ClassMetric):
    """Counts of targets: row i, column j has those of class i that were predicted as class j.

    Arguments:
        threshold, ignore_index: as for `Accuracy`.

    Shapes: as for `Accuracy`; the matrix is ``(C, C)``, of binary outputs ``(2, 2)``, int64.

    Raises:
        TypeError, ValueError: as for `Accuracy`; ValueError if the number of classes changes between batches.

    >>> import nn, numpy as np
    >>> matrix = nn.metrics.ConfusionMatrix()
    >>> matrix.update(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1]))
    >>> matrix.compute()
    array([[1, 0],
           [1, 1]])
    """

    name = "confusion_matrix"
    _sums: ClassVar[tuple[str, ...]] = ("counts",)

    def reset(self) -> None:
        """Forget all samples."""
        self.counts = np.zeros((0, 0), dtype=np.int64)

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        predicted, true, n, _ = self._classes(output, target)
        if not self.counts.size:
            self.counts = np.zeros((n, n), dtype=np.int64)
        elif len(self.counts) != n:
            raise ValueError(f"ConfusionMatrix: got outputs of {n} classes after {len(self.counts)}; reset() it first")
        cells = mg.to(true.astype(np.int64) * n + predicted, "cpu").ravel()
        np.add.at(self.counts.reshape(-1), cells, 1)

    def _repr_html_(self) -> str | None:
        """The counts as a table in a notebook; of very many classes, their numbers as text."""
        if len(self.counts) > _WIDEST:
            return None
        classes = [str(i) for i in range(len(self.counts))]
        rows = [[i, *map(str, row)] for i, row in zip(classes, self.counts, strict=True)]
        title = "Counts: a row for each class, a column for each predicted class"
        return html_table(title, [["class", *classes], *rows], numbers=len(classes))

    def compute(self) -> Array:
        """A copy of the counts of all samples so far, int64 of shape ``(C, C)``; ``(0, 0)`` before the first batch."""
        return self.counts.copy()
