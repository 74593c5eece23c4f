"""Mean squared and mean absolute error."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.metrics.metric import Metric, arrays_of
from nn.typing import Array

__all__ = ["MeanAbsoluteError", "MeanSquaredError"]


class _MeanOfDifferences(Metric):
    """The mean of a function of all differences y − t, summed in float64 whatever the dtype of the outputs."""

    _sums: ClassVar[tuple[str, ...]] = ("total", "count")

    def reset(self) -> None:
        """Forget all samples."""
        self.total, self.count = 0.0, 0

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        output, target = arrays_of(output, target)
        if output.shape != target.shape:
            raise ValueError(
                f"{type(self).__name__}: outputs of shape {output.shape} and targets of shape {target.shape} differ; "
                "reshape one of them, so that they are compared number by number"
            )
        difference = np.subtract(output, target, dtype=np.float64)
        self.total += float(self._of(difference).sum())
        self.count += difference.size

    def _of(self, difference: Array) -> Array:
        raise NotImplementedError

    def compute(self) -> float:
        """The mean over all numbers so far; NaN if there are none."""
        return self.total / self.count if self.count else math.nan


class MeanSquaredError(_MeanOfDifferences):
    """The mean of (y − t)² over all numbers of all samples.

    Shapes: outputs and targets of one shape.

    Raises:
        ValueError: if the shapes differ.

    >>> import nn, numpy as np
    >>> mse = nn.metrics.MeanSquaredError()
    >>> mse.update(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 1.0]))
    >>> mse.compute()
    3.0
    """

    name = "mse"

    def _of(self, difference: Array) -> Array:
        return difference * difference


class MeanAbsoluteError(_MeanOfDifferences):
    """The mean of ``|y − t|`` over all numbers of all samples.

    Shapes: outputs and targets of one shape.

    Raises:
        ValueError: if the shapes differ.

    >>> import nn, numpy as np
    >>> mae = nn.metrics.MeanAbsoluteError()
    >>> mae.update(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 1.0]))
    >>> mae.compute()
    1.0
    """

    name = "mae"

    def _of(self, difference: Array) -> Array:
        return abs(difference)
