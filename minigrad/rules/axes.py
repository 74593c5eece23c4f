"""Helpers for operations along axes: normalizing axes, restoring reduced ones, and merging several into one."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.typing import Array, Axis

__all__ = [
    "as_array_and_axis", "as_rows", "axis_tuple", "count_per_output", "normalize_axis", "ravel_if_no_axis",
    "reduced_shape", "restore_axes",
]  # fmt: skip


def normalize_axis(x: Array, axis: Axis, name: str) -> Axis:
    """The axes of a reduction. A single number may be reduced over its axis 0, as by ``np.sum``: that is ``None``.

    Raises:
        AxisError: if a single number is reduced over another axis. The axes of arrays are checked by NumPy later.
    """
    if axis is None or shape_of(x):
        return axis
    for i in axis if isinstance(axis, tuple) else (axis,):
        if i not in (0, -1):
            raise np.exceptions.AxisError(f"{name}: got axis {i} for a single number (shape ()); leave the axis out")
    return None


def as_array_and_axis(x: Array, axis: Axis, name: str) -> tuple[Array, Axis]:
    """The arguments of the reduction `name`: `as_array` and `normalize_axis`."""
    x = as_array(x, name)
    return x, normalize_axis(x, axis, name)


def axis_tuple(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes as a tuple of numbers from 0 to ndim − 1; ``None`` stands for all."""
    return tuple(range(ndim)) if axis is None else normalize_axis_tuple(axis, ndim)


def reduced_shape(x: Array, axis: Axis, keepdims: bool) -> tuple[int, ...]:
    """The shape of `x` after a reduction."""
    axes = axis_tuple(axis, x.ndim)
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape) if keepdims or i not in axes)


def count_per_output(x: Array, y: Array) -> int:
    """How many elements of `x` each element of its reduction `y` comes from."""
    return int(x.size // max(y.size, 1))


def restore_axes(y: Array, axis: Axis, keepdims: bool) -> Array:
    """A reduced array with its lost axes restored at length 1, so that it broadcasts against the input."""
    return y if keepdims or axis is None else np.expand_dims(y, axis)


def ravel_if_no_axis(x: Array, axis: int | None) -> tuple[Array, int]:
    """The array and the axis of a cumulative operation; without an axis the array is flattened."""
    if axis is None or x.ndim == 0:
        return (x if x.ndim == 1 else x.ravel()), 0
    (axis,) = normalize_axis_tuple(axis, x.ndim)
    return x, axis


def as_rows(x: Array, axis: Axis) -> tuple[Array, Callable[[Array], Array]]:
    """The array with these axes merged into one, the last; and the function that undoes it."""
    axes = axis_tuple(axis, x.ndim)
    rest = tuple(i for i in range(x.ndim) if i not in axes)
    order, shape = rest + axes, tuple(x.shape[i] for i in rest + axes)
    merged = (*shape[: len(rest)], prod(shape[len(rest) :]))
    in_order = order == tuple(range(x.ndim))

    def undo(y: Array) -> Array:
        y = y if shape == merged else y.reshape(shape)
        return y if in_order else y.transpose(tuple(order.index(i) for i in range(len(order))))

    x = x if in_order else x.transpose(order)
    return (x if shape == merged else x.reshape(merged)), undo
