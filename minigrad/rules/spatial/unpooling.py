"""The way back from max-pooling: each element at the place that its index names, as a decoder needs it."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.spatial.windows import Sizes
from minigrad.rules.arguments import as_array
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.max_pool import images
from minigrad.rules.spatial.windows import along_axes, per_axis, signed
from minigrad.typing import PerAxis

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def max_unpool1d(
    x: Any,
    indices: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Any:
    """Put each element back where `max_pool1d` took it from: `max_unpool2d` along one axis.

    Arguments:
        x, indices: shape ``(N, C, L)``.
        kernel_size, stride, padding, output_size: as for `max_unpool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `max_unpool2d`.
        TypeError: likewise.

    >>> import minigrad as mg
    >>> y, indices = mg.max_pool1d([[[1.0, 3.0, 5.0, 2.0]]], 2, return_indices=True)
    >>> mg.max_unpool1d(y, indices, 2)
    array([[[0., 3., 5., 0.]]])
    """
    return _put_back("max_unpool1d", 1, x, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    x: Any,
    indices: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Any:
    """Put each element back where `max_pool2d` took it from, with 0 everywhere else.

    Where several indices name the same pixel, as those of windows that overlap may, the last one stays there, and
    the others get the error signal 0.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        indices: for each element its place in its image, counted row by row, as `max_pool2d` returns them.
        kernel_size, stride, padding: those of the pooling.
        output_size: size of the result, for both axes, as (rows, columns) or the whole shape, for poolings of
            several sizes give the same; (N − 1)·S − 2P + F if not given, from which it may differ by less than the
            stride.

    Returns:
        Shape ``(N, C, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together, or an index names no pixel.
        TypeError: if the indices are no integers.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> y, indices = mg.max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2, return_indices=True)
    >>> mg.max_unpool2d(y, indices, 2)[0, 0]
    array([[ 0.,  0.,  0.,  0.],
           [ 0.,  5.,  0.,  7.],
           [ 0.,  0.,  0.,  0.],
           [ 0., 13.,  0., 15.]])
    """
    return _put_back("max_unpool2d", 2, x, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    x: Any,
    indices: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: PerAxis | None = None,
) -> Any:
    """Put each element back where `max_pool3d` took it from: `max_unpool2d` along three axes.

    Arguments:
        x, indices: shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, output_size: as for `max_unpool2d`, in tuples of three.

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `max_unpool2d`.
        TypeError: likewise.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> y, indices = mg.max_pool3d(np.ones((1, 1, 2, 4, 4)), 2, return_indices=True)
    >>> mg.max_unpool3d(y, indices, 2).sum(axis=(2, 3))
    array([[[2., 0., 2., 0.]]])
    """
    return _put_back("max_unpool3d", 3, x, indices, kernel_size, stride, padding, output_size)


def _put_back(
    name: str,
    axes: int,
    x: Any,
    indices: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    output_size: PerAxis | None,
) -> Any:
    x = images(name, axes, x)
    indices = as_array(unwrap(indices), name, x)
    kernel = per_axis(f"{name}: kernel_size", kernel_size, axes, least=1)
    strides = kernel if stride is None else per_axis(f"{name}: stride", stride, axes, least=1)
    border = per_axis(f"{name}: padding", padding, axes, least=0)
    size = _unpooled_size(name, x.shape, kernel, strides, border, output_size)
    if indices.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: indices are integers, as max_pool{axes}d(…, return_indices=True) gives; got {indices.dtype}"
        )
    if indices.shape != x.shape:
        raise ValueError(f"{name}: indices have shape {indices.shape}, expected one for each element of x: {x.shape}")
    if indices.size and not (indices.min() >= 0 and indices.max() < prod(size)):
        raise ValueError(
            f"{name}: indices go from {indices.min()} to {indices.max()}, and the result of size {size} has the "
            f"places 0 to {prod(size) - 1}; if what was pooled had another size, pass it as output_size"
        )
    return reshape(_placed(x, indices, prod(size)), (*x.shape[:2], *size))


def _placed(x: Any, indices: Any, pixels: int) -> Any:
    """All images in a row, of so many pixels each, with the elements at their places."""
    images = prod(x.shape[:2])
    first = to_device(np.arange(images) * pixels, device_of(indices))
    places = (indices.reshape(images, prod(x.shape[2:])) + first[:, None]).reshape(-1)
    holder = np.zeros_like(places, shape=images * pixels)
    order = to_device(np.arange(places.size), device_of(indices))
    holder[places] = order
    stays = holder[places] == order  # the last of those for one pixel; on a GPU, which writes in any order, some one
    values = reshape(x, -1)
    return scatter(values if stays.all() else where(stays, values, 0), index=places, shape=(images * pixels,))


def _unpooled_size(
    name: str, shape: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, output_size: PerAxis | None
) -> Sizes:
    usual = tuple((n - 1) * s - 2 * p + f for n, f, s, p in zip(shape[2:], kernel, stride, padding, strict=True))
    asked: Any = usual if output_size is None else output_size
    if isinstance(asked, tuple | list) and len(asked) == len(shape) and tuple(asked[:2]) == shape[:2]:
        asked = tuple(asked[2:])
    if output_size is not None:
        asked = per_axis(f"{name}: output_size", asked, len(usual), least=1)
    for along, n, f, s, p, u, m in zip(
        along_axes(len(usual)), shape[2:], kernel, stride, padding, usual, asked, strict=True
    ):
        fitting = range(max(u - s + 1, 1), u + s)
        if m not in fitting:
            way = f"pass an output_size of {_from_to(fitting)}" if fitting else "use a smaller padding"
            raise ValueError(
                f"{name}: {signed(m)} {along} are none that pooling brings to {n}: (N − 1)·S − 2P + F = "
                f"({n} − 1)·{s} − 2·{p} + {f} = {signed(u)}, and what was pooled may have had up to S − 1 = {s - 1} "
                f"more or fewer; {way}"
            )
    return tuple(asked)


def _from_to(numbers: range) -> str:
    return f"{numbers[0]} to {numbers[-1]}" if numbers[0] != numbers[-1] else f"{numbers[0]}"
