"""Pooling by sums: the average of each window, whose error signal is shared by all its elements, and norms.

The sum over a window and what adds an error signal to all of its pixels are linear, and each other's rules. The
rest is divided and taken to powers as anywhere else.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device
from minigrad.kernels.spatial import sum_pool as kernels
from minigrad.kernels.spatial.windows import Borders, Sizes, output_size
from minigrad.rules import axis_maps
from minigrad.rules.spatial.max_pool import images, of_any_size, windows_of
from minigrad.typing import Padding, PerAxis

__all__ = ["avg_pool1d", "avg_pool2d", "avg_pool3d", "global_avg_pool"]


def _family(axes: int) -> tuple[Primitive, Primitive]:
    """The sum over each window along so many axes, and what brings its error signal back to all of the window."""
    total: Primitive = Primitive(
        f"sum_pool{axes}d",
        kernels.sum_pool,
        lambda y_bar, y, x, **window: spread(y_bar, size=x.shape[2:], **window),
        axes=axis_maps.pooling,
    )
    spread: Primitive = Primitive(
        f"sum_unpool{axes}d",
        kernels.sum_unpool,
        lambda u_bar, u, y_bar, size, **window: total(u_bar, **window),
        symbol=f"sum_pool{axes}dᵀ",
        axes=axis_maps.pooling_transpose,
    )
    return total, spread


_sum_pool1d, _sum_unpool1d = _family(1)
_sum_pool2d, _sum_unpool2d = _family(2)
_sum_pool3d, _sum_unpool3d = _family(3)
_SUMS = {1: _sum_pool1d, 2: _sum_pool2d, 3: _sum_pool3d}


def avg_pool1d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The average of each window of a sequence: `avg_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        kernel_size, stride, padding, ceil_mode, count_include_pad: as for `avg_pool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `avg_pool2d`.

    >>> import minigrad as mg
    >>> mg.avg_pool1d([[[1.0, 3.0, 2.0, 6.0]]], 2)
    array([[[2., 4.]]])
    """
    return _average("avg_pool1d", 1, x, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
) -> Any:
    """The average of each window of an image; its error signal is shared equally by the pixels of the window.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border of zeros, at most half the window, in any form that `max_pool2d` takes.
        ceil_mode: whether a last window that reaches beyond the padded image counts, if it starts inside; what is
            beyond is not counted.
        count_include_pad: whether the zeros of the padding count among the pixels that the sum is divided by.
        divisor_override: what every sum is divided by instead of the number of pixels.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F + 2P) / S⌋ + 1 windows along each axis.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, one could lie in the padding alone, or the
            divisor is 0.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[1.0, 4.0], [5.0, 2.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.avg_pool2d(x, 2).backward()
    >>> x.grad[0, 0]
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    return _average("avg_pool2d", 2, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
) -> Any:
    """The average of each window of a volume: `avg_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override: as for `avg_pool2d`, in
            tuples of three (planes, rows, columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.avg_pool3d(np.arange(8.0).reshape(1, 1, 2, 2, 2), 2)
    array([[[[[3.5]]]]])
    """
    return _average("avg_pool3d", 3, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def _average(
    name: str,
    axes: int,
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: float | None,
) -> Any:
    x = images(name, axes, x)
    border, window = windows_of(name, x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor is None:
        divisor = _counts(x, border if count_include_pad else ((0, 0),) * axes, **window)
    elif not divisor:
        raise ValueError(f"{name}: divisor_override must not be 0; leave it out to divide by the number of pixels")
    return sum_pool(axes, x, window) / divisor


def sum_pool(axes: int, x: Any, window: dict[str, Any]) -> Any:
    """The sum over each window, which has no dilation."""
    return _SUMS[axes](x, **{key: value for key, value in window.items() if key != "dilation"})


def _counts(x: Any, border: Borders, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Any:
    """How many pixels of each window are in the image with this border: one number if all have as many."""
    if border == padding:
        return prod(kernel)
    size = x.shape[2:]
    counts: Any = np.ones((), int)
    for n, f, s, (before, after), (p, _), m in zip(
        size, kernel, stride, border, padding, output_size(size, kernel, stride, padding, dilation), strict=True
    ):
        starts = np.arange(m) * s - p
        counts = counts[..., None] * (np.minimum(starts + f, n + after) - np.maximum(starts, -before))
    return to_device(counts.astype(x.dtype), device_of(x))


def global_avg_pool(x: Any) -> Any:
    """The average of each channel.

    Arguments:
        x: shape ``(N, C, *size)``, with any number of axes.

    Returns:
        Shape ``(N, C)``.

    Raises:
        ValueError: if `x` has no axis behind the channels, or no elements there.

    >>> import minigrad as mg
    >>> mg.global_avg_pool(mg.Tensor([[[[1.0, 4.0], [3.0, 2.0]]]]))
    Tensor([[2.5]])
    """
    x = of_any_size("global_avg_pool", x)
    return np.mean(x, axis=tuple(range(2, x.ndim)))
