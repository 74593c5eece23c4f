"""Repeating elements or whole arrays: the error signals of all copies add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, as_arrays, as_integers
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.shape import broadcast_arrays, ravel, reshape
from minigrad.typing import Array

__all__ = ["meshgrid", "repeat", "tile"]


def _sum_tiles(y_bar: Array, y: Array, x: Array, reps: tuple[int, ...]) -> Array:
    """Split each repeated axis in two, the copies and the axis of x, and sum over the copies."""
    counts = (1,) * (y.ndim - len(reps)) + reps
    shape: list[int] = []
    axes: list[int] = []
    for count, n in zip(counts, (1,) * (y.ndim - x.ndim) + x.shape, strict=True):
        if count != 1:
            axes.append(len(shape))
            shape.append(count)
        shape.append(n)
    return y_bar.reshape(tuple(shape)).sum(axis=tuple(axes))


def _sum_repeats(y_bar: Array, y: Array, x: Array, repeats: int | tuple[int, ...], axis: int) -> Array:
    n = x.shape[axis]
    if isinstance(repeats, tuple):
        sources = to_device(np.repeat(np.arange(n), repeats), device_of(y_bar))
        return scatter(y_bar, index=index_along(axis, sources), shape=x.shape)
    return y_bar.reshape((*x.shape[:axis], n, repeats, *x.shape[axis + 1 :])).sum(axis=axis + 1)


_tile = Primitive("tile", lambda x, reps: np.tile(x, reps), _sum_tiles)
_repeat = Primitive("repeat", lambda x, repeats, axis: np.repeat(x, repeats, axis=axis), _sum_repeats, axes=along_axis)


@implements(np.tile)
def tile(x: Array, reps: int | Sequence[int]) -> Array:
    """Repeat the whole array along each axis, `reps` times; the error signals of its copies add up.

    >>> import minigrad as mg
    >>> mg.tile(mg.Tensor([1.0, 2.0]), (2, 2))
    Tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    counts = as_integers("tile", reps)
    return _tile(as_array(x, "tile"), reps=counts if isinstance(counts, tuple) else (counts,))


@implements(np.repeat)
def repeat(x: Array, repeats: int | Sequence[int], axis: int | None = None) -> Array:
    """Repeat each element along an axis; the error signals of its copies add up.

    Arguments:
        repeats: how many times, for all elements or for each index along the axis.
        axis: ``None`` flattens `x`.

    Raises:
        ValueError: if the number of counts is not the length of the axis.

    >>> import minigrad as mg
    >>> mg.repeat(mg.Tensor([1.0, 2.0]), [1, 3])
    Tensor([1., 2., 2., 2.])
    """
    x = as_array(x, "repeat")
    if axis is None:
        x, axis = (x if x.ndim == 1 else ravel(x)), 0
    axis = normalize_axis_index(axis, x.ndim)
    counts = as_integers("repeat", repeats)
    if isinstance(counts, tuple) and len(counts) == 1:
        (counts,) = counts
    if isinstance(counts, tuple) and len(counts) != x.shape[axis]:
        raise ValueError(
            f"repeat: got {len(counts)} counts for axis {axis} of shape {x.shape}, expected {x.shape[axis]} or one"
        )
    return _repeat(x, repeats=counts, axis=axis)


@implements(np.meshgrid)
def meshgrid(*xs: Array, indexing: str = "xy", sparse: bool = False, copy: bool = True) -> tuple[Array, ...]:
    """The coordinates of a grid: for each vector an array of the shape of the grid.

    Arguments:
        xs: vectors, the coordinates along each axis.
        indexing: "ij" puts the first vector along the first axis, "xy" along the second, as in an image.
        sparse: leave the other axes at length 1, for broadcasting.
        copy: ignored, since a Tensor's value is never written into.

    Raises:
        ValueError: if `indexing` is neither.

    >>> import minigrad as mg
    >>> x, y = mg.meshgrid(mg.Tensor([1.0, 2.0, 3.0]), mg.Tensor([10.0, 20.0]))
    >>> x.shape, y.shape
    ((2, 3), (2, 3))
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: got indexing={indexing!r}, expected 'xy' or 'ij'")
    positions = list(range(len(xs)))
    if indexing == "xy":
        positions[:2] = positions[:2][::-1]
    arrays = as_arrays(xs, "meshgrid")
    axes = tuple(
        reshape(x, tuple(x.size if k == position else 1 for k in range(len(xs))))
        for x, position in zip(arrays, positions, strict=True)
    )
    return axes if sparse else broadcast_arrays(*axes)
