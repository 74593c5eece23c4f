"""Max-unpooling: each element goes back to the pixel that its index names, as a decoder needs it."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.manipulation.indexing import last_of_each
from minigrad.kernels.spatial.windows import Ints
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.pool_arguments import as_images
from minigrad.rules.spatial.windows import axis_names, per_axis, signed
from minigrad.typing import Array, PerAxis

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def max_unpool1d(
    x: Array,
    indices: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Array:
    """Put each element back where `max_pool1d` took it from: `max_unpool2d` along one axis.

    Arguments:
        x, indices: shape ``(N, C, L)``.
        kernel_size, stride, padding, output_size: as for `max_unpool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `max_unpool2d`.
        TypeError: if the indices are not integers.

    >>> import minigrad as mg
    >>> y, indices = mg.max_pool1d([[[1.0, 3.0, 5.0, 2.0]]], 2, return_indices=True)
    >>> mg.max_unpool1d(y, indices, 2)
    array([[[0., 3., 5., 0.]]])
    """
    return _max_unpool(1, x, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    x: Array,
    indices: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Array:
    """Put each element back where `max_pool2d` took it from, with 0 everywhere else.

    Where several indices name the same pixel, as those of overlapping windows may, the last element is put there, and
    the others get the error signal 0.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        indices: for each element the index of its pixel, counted row by row, as `max_pool2d` returns them.
        kernel_size, stride, padding: those of the pooling.
        output_size: size of the output, for both axes, as (rows, columns) or as the whole shape, since images of
            several sizes are pooled to the same size; (N − 1)·S − 2P + F if not given, from which it may differ by
            less than the stride.

    Returns:
        Shape ``(N, C, OH, OW)``.

    Raises:
        ValueError: if the shapes do not fit together, or an index is out of range.
        TypeError: if the indices are not integers.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> y, indices = mg.max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2, return_indices=True)
    >>> mg.max_unpool2d(y, indices, 2)[0, 0]
    array([[ 0.,  0.,  0.,  0.],
           [ 0.,  5.,  0.,  7.],
           [ 0.,  0.,  0.,  0.],
           [ 0., 13.,  0., 15.]])
    """
    return _max_unpool(2, x, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    x: Array,
    indices: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Array:
    """Put each element back where `max_pool3d` took it from: `max_unpool2d` along three axes.

    Arguments:
        x, indices: shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, output_size: as for `max_unpool2d`, in tuples of three.

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `max_unpool2d`.
        TypeError: if the indices are not integers.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> y, indices = mg.max_pool3d(np.ones((1, 1, 2, 4, 4)), 2, return_indices=True)
    >>> mg.max_unpool3d(y, indices, 2).sum(axis=(2, 3))
    array([[[2., 0., 2., 0.]]])
    """
    return _max_unpool(3, x, indices, kernel_size, stride, padding, output_size)


def _max_unpool(
    axes: int,
    x: Array,
    indices: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    output_size: PerAxis | None,
) -> Array:
    name = f"max_unpool{axes}d"
    x = as_images(name, axes, x)
    indices = as_array(unwrap(indices), name, x)
    kernel = per_axis(f"{name}: kernel_size", kernel_size, axes, least=1)
    strides = kernel if stride is None else per_axis(f"{name}: stride", stride, axes, least=1)
    paddings = per_axis(f"{name}: padding", padding, axes, least=0)
    size = _unpooled_size(name, x.shape, kernel, strides, paddings, output_size)
    if indices.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: indices must be integers, as max_pool{axes}d(…, return_indices=True) returns; got {indices.dtype}"
        )
    if indices.shape != x.shape:
        raise ValueError(f"{name}: indices have shape {indices.shape}, expected one for each element of x: {x.shape}")
    if indices.size and not (indices.min() >= 0 and indices.max() < prod(size)):
        raise ValueError(
            f"{name}: indices go from {indices.min()} to {indices.max()}, but an output of size {size} has the "
            f"indices 0 to {prod(size) - 1}; if the pooled image had another size, pass it as output_size"
        )
    return reshape(_scatter(x, indices, prod(size)), (*x.shape[:2], *size))


def _scatter(x: Array, indices: Array, pixels: int) -> Array:
    """All images in a row, with this number of pixels each, and the elements at their indices."""
    images = prod(x.shape[:2])
    first = to_device(np.arange(images) * pixels, device_of(indices))
    index = (indices.reshape(images, prod(x.shape[2:])) + first[:, None]).reshape(-1)
    wins = last_of_each(index, images * pixels)
    values = reshape(x, -1)
    return scatter(values if wins.all() else where(wins, values, 0), index=index, shape=(images * pixels,))


def _unpooled_size(
    name: str, shape: Ints, kernel: Ints, stride: Ints, padding: Ints, output_size: PerAxis | None
) -> Ints:
    default = tuple((n - 1) * s - 2 * p + f for n, f, s, p in zip(shape[2:], kernel, stride, padding, strict=True))
    size: Any = default if output_size is None else output_size
    if isinstance(size, tuple | list) and len(size) == len(shape) and tuple(size[:2]) == shape[:2]:
        size = tuple(size[2:])
    if output_size is not None:
        size = per_axis(f"{name}: output_size", size, len(default), least=1)
    for axis, n, f, s, p, d, m in zip(
        axis_names(len(default)), shape[2:], kernel, stride, padding, default, size, strict=True
    ):
        possible = range(max(d - s + 1, 1), d + s)
        if m not in possible:
            remedy = f"pass an output_size of {_from_to(possible)}" if possible else "use a smaller padding"
            raise ValueError(
                f"{name}: pooling {signed(m)} {axis} does not give {n}: (N − 1)·S − 2P + F = "
                f"({n} − 1)·{s} − 2·{p} + {f} = {signed(d)}, and the pooled image may have had up to S − 1 = {s - 1} "
                f"more or fewer; {remedy}"
            )
    return tuple(size)


def _from_to(numbers: range) -> str:
    return f"{numbers[0]} to {numbers[-1]}" if numbers[0] != numbers[-1] else f"{numbers[0]}"
