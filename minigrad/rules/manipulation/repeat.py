"""Repeating elements, whole arrays, or windows of them: the error signals of all copies add up."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.axes import ravel_if_no_axis
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, as_arrays, as_integers
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.shape import broadcast_arrays, broadcast_to, ravel, reshape
from minigrad.rules.manipulation.transpose import moveaxis
from minigrad.typing import Array, PerAxis

__all__ = ["meshgrid", "repeat", "resize", "sliding_window_view", "tile"]


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
    return in_single_precision(lambda copies: copies.sum(axis=tuple(axes)), y_bar.reshape(tuple(shape)))


def _sum_repeats(y_bar: Array, y: Array, x: Array, repeats: int | tuple[int, ...], axis: int) -> Array:
    n = x.shape[axis]
    if isinstance(repeats, tuple):
        sources = to_device(np.repeat(np.arange(n), repeats), device_of(y_bar))
        return scatter(y_bar, index=index_along(axis, sources), shape=x.shape)
    copies = y_bar.reshape((*x.shape[:axis], n, repeats, *x.shape[axis + 1 :]))
    return in_single_precision(lambda copies: copies.sum(axis=axis + 1), copies)


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


@implements(np.resize)
def resize(x: Array, new_shape: int | Sequence[int]) -> Array:
    """The elements in an array of another shape, from the first again where there are not enough of them.

    An array method of this name fills up with zeros instead; `upsample` resizes images.

    Raises:
        ValueError: if a length is negative.

    >>> import minigrad as mg
    >>> mg.resize(mg.Tensor([1.0, 2.0, 3.0]), (2, 4))
    Tensor([[1., 2., 3., 1.],
            [2., 3., 1., 2.]])
    """
    flat, shape = ravel(as_array(x, "resize")), as_integers("resize", new_shape)
    shape = shape if isinstance(shape, tuple) else (shape,)
    if any(n < 0 for n in shape):
        raise ValueError(f"resize: got shape {shape}, expected lengths of 0 or more")
    size = prod(shape)
    if not flat.size:
        return broadcast_to(reshape(flat.sum(), (1,) * len(shape)), shape)
    if size > flat.size:
        flat = tile(flat, -(-size // flat.size))
    return reshape(flat[:size], shape)


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
        x, axis = ravel_if_no_axis(x, axis)
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


@implements(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x: Array, window_shape: PerAxis, axis: PerAxis | None = None) -> Array:
    """All windows of this shape, at every position along the axes; the error signals of an element's copies add up.

    Arguments:
        window_shape: the length of the windows, along one axis or several.
        axis: the axes along which the windows slide; by default all.

    Returns:
        A copy, with the positions along the axes of `x`, and the axes of the window at the end.

    Raises:
        ValueError: if there is not one length for each axis, or a window is longer than its axis.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    >>> windows = mg.sliding_window_view(x, 3)
    >>> windows.data
    array([[1., 2., 3.],
           [2., 3., 4.]])
    >>> windows.sum().backward()
    >>> x.grad
    array([1., 2., 2., 1.])
    """
    x = as_array(x, "sliding_window_view")
    lengths = np.atleast_1d(as_integers("sliding_window_view", window_shape)).tolist()
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim, allow_duplicate=True)
    if len(lengths) != len(axes):
        raise ValueError(
            f"sliding_window_view: got the window {tuple(lengths)} for {len(axes)} axes of shape {x.shape}, "
            "expected one length for each"
        )
    for n, i in zip(lengths, axes, strict=True):
        positions = x.shape[i] - n + 1
        if n < 0 or positions < 1:
            raise ValueError(
                f"sliding_window_view: a window of length {n} does not fit axis {i}, of which {x.shape[i]} are left"
            )
        index = np.arange(positions)[:, None] + np.arange(n)
        x = moveaxis(x[index_along(i, to_device(index, device_of(x)))], i + 1, -1)
    return x
