"""Permuting axes: the rule permutes them back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import as_array
from minigrad.typing import Array

__all__ = ["matrix_transpose", "moveaxis", "permute_dims", "rollaxis", "swapaxes", "transpose"]

_transpose = Primitive(
    "transpose",
    lambda x, axes: x.transpose(axes),
    lambda y_bar, y, x, axes: y_bar.transpose(None if axes is None else tuple(map(int, np.argsort(axes)))),
    axes=builtin_axes.transposition,
)


def transpose(x: Array, *axes: Any) -> Array:
    """Permute the axes; without an order, reverse them.

    >>> import minigrad as mg
    >>> mg.transpose(mg.Tensor([[1.0, 2.0, 3.0]])).shape
    (3, 1)
    """
    x = as_array(x, "transpose")
    order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int | np.integer) else axes
    if order is None or len(axes) == 0:
        return _transpose(x, axes=None)
    if len(order) != x.ndim:
        raise ValueError(f"transpose: got {len(order)} axes {tuple(order)} for shape {x.shape}; name each axis once")
    return _transpose(x, axes=normalize_axis_tuple(order, x.ndim))


def permute_dims(x: Array, axes: Any = None) -> Array:
    """Permute the axes; without an order, reverse them: the array API's name for `transpose`.

    >>> import minigrad as mg
    >>> mg.permute_dims(mg.Tensor([[[1.0, 2.0, 3.0]]]), (2, 0, 1)).shape
    (3, 1, 1)
    """
    return transpose(x, axes)


@implements(np.linalg.matrix_transpose)
@implements(np.matrix_transpose)
def matrix_transpose(x: Array) -> Array:
    """Swap the last two axes: the transpose of each matrix in a batch.

    Raises:
        ValueError: if there are fewer than two axes.

    >>> import minigrad as mg
    >>> mg.matrix_transpose(mg.broadcast_to(mg.Tensor(1.0), (5, 2, 3))).shape
    (5, 3, 2)
    """
    x = as_array(x, "matrix_transpose")
    if x.ndim < 2:
        raise ValueError(
            f"matrix_transpose: expected at least two axes, got shape {x.shape}; "
            "expand_dims turns a vector into a row or a column"
        )
    return swapaxes(x, -1, -2)


@implements(np.swapaxes)
def swapaxes(x: Array, axis1: int, axis2: int) -> Array:
    """Swap two axes.

    >>> import minigrad as mg
    >>> mg.swapaxes(mg.Tensor([[1.0, 2.0, 3.0]]), 0, 1).shape
    (3, 1)
    """
    x = as_array(x, "swapaxes")
    order = list(range(x.ndim))
    one, two = normalize_axis_index(axis1, x.ndim), normalize_axis_index(axis2, x.ndim)
    order[one], order[two] = two, one
    return _transpose(x, axes=tuple(order))


@implements(np.moveaxis)
def moveaxis(x: Array, source: int | tuple[int, ...], destination: int | tuple[int, ...]) -> Array:
    """Move axes to other positions; the others keep their order. If all stay where they are, it returns `x`.

    Raises:
        ValueError: if the numbers of sources and destinations differ.

    >>> import minigrad as mg
    >>> images = mg.broadcast_to(mg.Tensor(1.0), (8, 32, 28, 3))
    >>> mg.moveaxis(images, -1, 1).shape
    (8, 3, 32, 28)
    """
    x = as_array(x, "moveaxis")
    moved, positions = normalize_axis_tuple(source, x.ndim), normalize_axis_tuple(destination, x.ndim)
    if len(moved) != len(positions):
        raise ValueError(
            f"moveaxis: got {len(moved)} axes {moved} for {len(positions)} positions {positions}; expected as many"
        )
    order = [i for i in range(x.ndim) if i not in moved]
    for position, i in sorted(zip(positions, moved, strict=True)):
        order.insert(position, i)
    return x if order == sorted(order) else _transpose(x, axes=tuple(order))


@implements(np.rollaxis)
def rollaxis(x: Array, axis: int, start: int = 0) -> Array:
    """Move one axis before the axis `start`, or to the end if `start` is the number of axes.

    >>> import minigrad as mg
    >>> mg.rollaxis(mg.Tensor([[[1.0, 2.0, 3.0]]]), 2).shape
    (3, 1, 1)
    """
    x = as_array(x, "rollaxis")
    moved = normalize_axis_index(axis, x.ndim)
    before = normalize_axis_index(start, x.ndim + 1) if start >= 0 else normalize_axis_index(start, x.ndim)
    order = list(range(x.ndim))
    order.insert(before - (moved < before), order.pop(moved))
    return _transpose(x, axes=tuple(order))


# ---------------------------------------------------------------- NumPy's functions whose signature differs
@implements(np.transpose)
def _np_transpose(a: Array, axes: Any = None) -> Array:
    return transpose(a, axes)
