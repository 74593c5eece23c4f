"""What operations along axes share: which axes are meant, what is left of them, and rows to work on."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from minigrad.rules.arguments import as_array, shape_of
from minigrad.typing import Axis

__all__ = ["as_array", "axes_of", "expand", "flattened", "in_rows", "normalize_axis"]


def normalize_axis(x: Any, axis: Axis, name: str) -> Axis:
    """The axes of a reduction: a single number is its own axis 0, as for np.sum.

    Raises:
        AxisError: if a single number is asked for another axis; for an array NumPy itself refuses.
    """
    if axis is None or shape_of(x):
        return axis
    for i in axis if isinstance(axis, tuple) else (axis,):
        if i not in (0, -1):
            raise np.exceptions.AxisError(f"{name}: got axis {i} for a single number (shape ()); leave the axis out")
    return None


def array_and_axis(x: Any, axis: Axis, name: str) -> tuple[Any, Axis]:
    """What a reduction was given, as an array, and the axes meant."""
    x = as_array(x, name)
    return x, normalize_axis(x, axis, name)


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes meant, one by one, counted from the front; `None` means all."""
    return tuple(range(ndim)) if axis is None else normalize_axis_tuple(axis, ndim)


def expand(y: Any, axis: Axis, keepdims: bool) -> Any:
    """A reduced array with the axes it lost at length 1 again, so that it broadcasts against the input."""
    return y if keepdims or axis is None else np.expand_dims(y, axis)


def flattened(x: Any, axis: int | None) -> tuple[Any, int]:
    """An array and the one axis to go along: all elements in a row if none is named."""
    if axis is None or x.ndim == 0:
        return (x if x.ndim == 1 else x.reshape(-1)), 0
    (axis,) = normalize_axis_tuple(axis, x.ndim)
    return x, axis


def in_rows(x: Any, axis: Axis) -> tuple[Any, Callable[[Any], Any]]:
    """These axes as one, the last: to work on them together; and the way back for an array of that shape."""
    axes = axes_of(axis, x.ndim)
    rest = tuple(i for i in range(x.ndim) if i not in axes)
    order, shape = rest + axes, tuple(x.shape[i] for i in rest + axes)
    rows = (*shape[: len(rest)], prod(shape[len(rest) :]))
    straight = order == tuple(range(x.ndim))

    def back(y: Any) -> Any:
        y = y if shape == rows else y.reshape(shape)
        return y if straight else y.transpose(tuple(order.index(i) for i in range(len(order))))

    x = x if straight else x.transpose(order)
    return (x if shape == rows else x.reshape(rows)), back
