"""Average pooling: the error signal of a window is shared equally by its elements.

The sum over each window and its transpose, which adds an error signal to all pixels of its window, are linear, and each
other's rules. The division is that of any other array.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.spatial import sum_pool as kernels
from minigrad.kernels.spatial.windows import Ints, PadWidth, output_size
from minigrad.rules import builtin_axes
from minigrad.rules.spatial.pool_arguments import as_images, as_images_of_any_size, pool_window
from minigrad.typing import Array, Padding, PerAxis

__all__ = ["avg_pool1d", "avg_pool2d", "avg_pool3d", "global_avg_pool"]


# ---------------------------------------------------------------- primitives
def _family(axes: int) -> tuple[Primitive, Primitive]:
    """The sum over each window along this number of axes, and its error signal."""
    total: Primitive = Primitive(
        f"sum_pool{axes}d",
        kernels.sum_pool,
        lambda y_bar, y, x, **window: unpool(y_bar, size=x.shape[2:], **window),
        axes=builtin_axes.pooling,
    )
    unpool: Primitive = Primitive(
        f"sum_unpool{axes}d",
        kernels.sum_unpool,
        lambda u_bar, u, y_bar, size, **window: total(u_bar, **window),
        symbol=f"sum_pool{axes}dᵀ",
        axes=builtin_axes.pooling_transpose,
    )
    return total, unpool


_sum_pool1d, _sum_unpool1d = _family(1)
_sum_pool2d, _sum_unpool2d = _family(2)
_sum_pool3d, _sum_unpool3d = _family(3)

_SUM_POOLS = {1: _sum_pool1d, 2: _sum_pool2d, 3: _sum_pool3d}


def sum_pool(axes: int, x: Array, window: dict[str, Any]) -> Array:
    """The sum over each window, which has no dilation."""
    return _SUM_POOLS[axes](x, **{key: value for key, value in window.items() if key != "dilation"})


# ---------------------------------------------------------------- public functions
def avg_pool1d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    *,
    strict: bool = False,
) -> Array:
    """The average of each window of a sequence: `avg_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        kernel_size, stride, padding, ceil_mode, count_include_pad, strict: as for `avg_pool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``.

    Raises:
        ValueError: as `avg_pool2d`.

    >>> import minigrad as mg
    >>> mg.avg_pool1d([[[1.0, 3.0, 2.0, 6.0]]], 2)
    array([[[2., 4.]]])
    """
    return _avg_pool(1, x, kernel_size, stride, padding, ceil_mode, count_include_pad, None, strict)


def avg_pool2d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
    *,
    strict: bool = False,
) -> Array:
    """The average of each window of an image; the error signal is shared equally by the pixels of the window.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border of zeros, at most half the window, in any form that `max_pool2d` accepts.
        ceil_mode: whether to include a last window that reaches beyond the padded image, if it starts inside; pixels
            beyond are not counted.
        count_include_pad: whether the zeros of the padding are counted in the number that the sum is divided by.
        divisor_override: the number to divide every sum by, instead of the number of pixels.
        strict: whether to refuse a last window that leaves pixels unseen, as for `max_pool2d`.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F + 2P) / S⌋ + 1 windows along each axis.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, one could lie in the padding alone, the
            divisor is 0, or under `strict` the last window leaves pixels unseen.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[1.0, 4.0], [5.0, 2.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.avg_pool2d(x, 2).backward()
    >>> x.grad[0, 0]
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    return _avg_pool(2, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, strict)


def avg_pool3d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
    *,
    strict: bool = False,
) -> Array:
    """The average of each window of a volume: `avg_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, strict: as for `avg_pool2d`,
            in tuples of three (planes, rows, columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``.

    Raises:
        ValueError: as `avg_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.avg_pool3d(np.arange(8.0).reshape(1, 1, 2, 2, 2), 2)
    array([[[[[3.5]]]]])
    """
    return _avg_pool(3, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, strict)


def _avg_pool(
    axes: int,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: float | None,
    strict: bool,
) -> Array:
    name = f"avg_pool{axes}d"
    x = as_images(name, axes, x)
    pad_width, window = pool_window(name, x.shape[2:], kernel_size, stride, padding, 1, ceil_mode, strict)
    if divisor is not None and not divisor:
        raise ValueError(f"{name}: divisor_override must not be 0; leave it out to divide by the number of pixels")
    counted = pad_width if count_include_pad else ((0, 0),) * axes
    return in_single_precision(
        lambda x: sum_pool(axes, x, window) / (_counts(x, counted, **window) if divisor is None else divisor), x
    )


def _counts(x: Array, counted: PadWidth, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> Any:
    """The pixels of each window within the image and the padding that counts; a single number if all are equal."""
    if counted == padding:
        return prod(kernel)
    size = x.shape[2:]
    out_size = output_size(size, kernel, stride, padding, dilation)
    counts: Any = np.ones((), int)
    for n, f, s, (before, after), (p, _), m in zip(size, kernel, stride, counted, padding, out_size, strict=True):
        starts = np.arange(m) * s - p
        counts = counts[..., None] * (np.minimum(starts + f, n + after) - np.maximum(starts, -before))
    return to_device(counts.astype(x.dtype), device_of(x))


def global_avg_pool(x: Array) -> Array:
    """The average of each channel.

    Arguments:
        x: images, shape ``(N, C, *size)`` with any number of axes.

    Returns:
        Shape ``(N, C)``.

    Raises:
        ValueError: if `x` has no axis after the channels, or no pixel.

    >>> import minigrad as mg
    >>> mg.global_avg_pool(mg.Tensor([[[[1.0, 4.0], [3.0, 2.0]]]]))
    Tensor([[2.5]])
    """
    x = as_images_of_any_size("global_avg_pool", x)
    return np.mean(x, axis=tuple(range(2, x.ndim)))
