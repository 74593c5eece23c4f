"""A metric from any function of outputs and targets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.metrics.metric import Metric, arrays_of
from nn.typing import Array

__all__ = ["Mean"]


class Mean(Metric):
    """The mean of a function of outputs and targets over all samples.

    Arguments:
        function: takes arrays of outputs and targets, and returns one value for each sample, or for each of its
            pixels; or a single number, the mean of the batch, which counts as often as it has samples.
        name: its name in the history; that of the function if it is not given.

    Raises:
        TypeError: if `function` cannot be called, or does not return numbers.
        ValueError: if it returns an array of another length.

    >>> import nn, numpy as np
    >>> worst = nn.metrics.Mean(lambda y, t: abs(y - t).max(axis=1), name="worst")
    >>> worst.update(np.array([[1.0, 2.0], [0.0, 0.5]]), np.array([[1.0, 0.0], [0.0, 0.0]]))
    >>> worst.update(np.array([[0.5, 0.5]]), np.array([[0.0, 0.0]]))
    >>> worst.compute()
    1.0
    """

    _sums: ClassVar[tuple[str, ...]] = ("total", "count")

    def __init__(self, function: Callable[[Array, Array], Any], name: str | None = None) -> None:
        if isinstance(function, type) or not callable(function):
            raise TypeError(f"Mean: expected a function of outputs and targets, got {function!r:.80}")
        self.function = function
        inner = getattr(function, "func", function)  # of a functools.partial
        own = getattr(inner, "__name__", type(inner).__name__)
        self.name = name or own.replace("<lambda>", "lambda")
        self.reset()

    def reset(self) -> None:
        """Forget all samples."""
        self.total, self.count = 0.0, 0

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch of outputs and targets."""
        output, target = arrays_of(output, target)
        values = self.function(output, target)
        values = values.data if isinstance(values, mg.Tensor) else values
        what = "None; does it lack a return?" if values is None else f"{values!r:.80}"
        values = values if hasattr(values, "dtype") else np.asarray(values)
        if values.dtype.kind not in "biuf":
            raise TypeError(f"metric {self.name}: expected one number for each sample, or their mean; got {what}")
        n, shape = len(output), values.shape
        if values.size == 1:
            self.total += float(values.sum(dtype=np.float64)) * n
            self.count += n
        elif shape[0] == n:
            self.total += float(values.sum(dtype=np.float64))
            self.count += values.size
        else:
            raise ValueError(
                f"metric {self.name}: got values of shape {shape} for {n} samples; expected one for each sample, or a "
                "single number, their mean"
            )

    def compute(self) -> float:
        """The mean over all samples so far; NaN if there are none."""
        return self.total / self.count if self.count else math.nan
