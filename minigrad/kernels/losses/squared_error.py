"""Sums and means of squared differences; a sum of squares is a dot product."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.typing import Array

__all__ = ["mse_loss", "sum_squared_error"]


def mse_loss(y: Array, t: Array) -> Array:
    """The mean of the squared differences."""
    return in_single_precision(_mean_square, _difference(y, t))


def sum_squared_error(y: Array, t: Array) -> Array:
    """Half the sum of the squared differences."""
    return in_single_precision(lambda x: np.vdot(x, x) / 2, _difference(y, t))


def _difference(y: Array, t: Array) -> Array:
    difference = y - t
    if difference.dtype.kind == "c":
        require_real(difference)
    return difference


def _mean_square(x: Array) -> Array:
    return np.vdot(x, x) / x.size
