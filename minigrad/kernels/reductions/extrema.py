"""The largest and the smallest element over axes, with an error message for empty arrays."""

from __future__ import annotations

import numpy as np

from minigrad.typing import Array, Axis

__all__ = ["largest", "smallest"]


def largest(x: Array, axis: Axis, keepdims: bool) -> Array:
    """``x.max(axis, keepdims=keepdims)``."""
    try:
        return x.max(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "max", "largest", x, axis) from None


def smallest(x: Array, axis: Axis, keepdims: bool) -> Array:
    """``x.min(axis, keepdims=keepdims)``."""
    try:
        return x.min(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "min", "smallest", x, axis) from None


def _explained(error: ValueError, name: str, which: str, x: Array, axis: Axis) -> ValueError:
    if x.size or isinstance(error, np.exceptions.AxisError):
        return error
    along = "" if axis is None else f" along axis {axis}"
    return ValueError(
        f"{name}: an array of shape {x.shape} has no {which} element{along}; "
        "leave out the empty axis, or call it only where x.size > 0"
    )
