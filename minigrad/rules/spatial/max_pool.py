"""Max-pooling: the error signal of a window goes to the element that took the maximum.

The forward pass keeps the switches. Adding error signals at the switches (`unpool`) and reading elements at the
switches (`pick`) are each other's rules, so max-pooling can be differentiated any number of times.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.spatial import max_pool as kernels
from minigrad.rules import builtin_axes
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.pool_arguments import as_images, as_images_of_any_size, pool_window, refuse_complex
from minigrad.typing import Array, Padding, PerAxis

__all__ = ["global_max_pool", "max_pool1d", "max_pool2d", "max_pool3d"]


# ---------------------------------------------------------------- primitives
def _family(axes: int) -> tuple[Primitive, Primitive, Primitive]:
    """Max-pooling along this number of axes, its error signal, and the elements at given switches."""
    pool: Primitive = Primitive(
        f"max_pool{axes}d",
        kernels.max_pool,
        lambda y_bar, y, x, switches, **window: unpool(y_bar, switches=switches, size=x.shape[2:], **window),
        saves=("switches",),
        axes=builtin_axes.pooling,
    )
    unpool: Primitive = Primitive(
        f"unpool{axes}d",
        kernels.unpool,
        lambda u_bar, u, y_bar, switches, size, **window: pick(u_bar, switches=switches, **window),
        axes=builtin_axes.pooling_transpose,
    )
    pick: Primitive = Primitive(
        f"pick{axes}d",
        kernels.pick,
        lambda y_bar, y, x, switches, **window: unpool(y_bar, switches=switches, size=x.shape[2:], **window),
    )
    return pool, unpool, pick


_max_pool1d, _unpool1d, _pick1d = _family(1)
_max_pool2d, _unpool2d, _pick2d = _family(2)
_max_pool3d, _unpool3d, _pick3d = _family(3)

#: The error signals of max-pooling.
UNPOOLS = (_unpool1d, _unpool2d, _unpool3d)
_MAX_POOLS = {1: _max_pool1d, 2: _max_pool2d, 3: _max_pool3d}


def max_pool(axes: int, x: Array, window: dict[str, Any], return_indices: bool = False) -> Any:
    """The largest element of each window, and if asked for its index in the image, counted row by row."""
    y = _MAX_POOLS[axes](x, **window)
    if not return_indices:
        return y
    _, switches = kernels.max_pool(unwrap(x), **window)
    return y, kernels.flat_indices(switches, size=x.shape[2:], **window)


# ---------------------------------------------------------------- public functions
def max_pool1d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
    *,
    strict: bool = False,
) -> Any:
    """The largest element of each window of a sequence: `max_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices, strict: as for `max_pool2d`, in tuples of
            one.

    Returns:
        Shape ``(N, C, OL)``, with the indices if asked for.

    Raises:
        ValueError: as `max_pool2d`.

    >>> import minigrad as mg
    >>> mg.max_pool1d([[[1.0, 3.0, 2.0, 5.0, 4.0]]], 3, stride=1)
    array([[[3., 5., 5.]]])
    """
    return _max_pool(1, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices, strict)


def max_pool2d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
    *,
    strict: bool = False,
) -> Any:
    """The largest element of each window of an image; the error signal goes to that element alone.

    Where several elements tie, the first of them wins, row by row; NaN is larger than any number.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins, at most half the window: for both axes, or as (rows, columns), where each
            may be a pair (before, after); or ``"same"``, as for `conv2d`.
        dilation: pixels from one element of the window to the next; the window then spans D·(F − 1) + 1 pixels.
        ceil_mode: whether to include a last window that reaches beyond the image, if it starts inside: ⌈ ⌉ in place
            of ⌊ ⌋ below.
        return_indices: whether to return the indices of the winners, too, for `max_unpool2d`.
        strict: whether to refuse a last window that ends before the padded image does; by default, the rows and
            columns beyond it are not seen.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F + 2P) / S⌋ + 1 windows along each axis; if asked for, together with
        the index of each winner in its image, counted row by row: an int64 array of the same shape.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, one could lie in the padding alone, or under
            `strict` the last one leaves pixels unseen.
        TypeError: if `x` is complex.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[1.0, 4.0], [4.0, 2.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.max_pool2d(x, 2).backward()
    >>> x.grad[0, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    return _max_pool(2, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices, strict)


def max_pool3d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
    *,
    strict: bool = False,
) -> Any:
    """The largest element of each window of a volume: `max_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices, strict: as for `max_pool2d`, in tuples of
            three (planes, rows, columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``, with the indices if asked for.

    Raises:
        ValueError: as `max_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.max_pool3d(np.arange(8.0).reshape(1, 1, 2, 2, 2), 2)
    array([[[[[7.]]]]])
    """
    return _max_pool(3, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices, strict)


def _max_pool(
    axes: int,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    dilation: PerAxis,
    ceil_mode: bool,
    return_indices: bool,
    strict: bool,
) -> Any:
    name = f"max_pool{axes}d"
    x = refuse_complex(name, as_images(name, axes, x))
    _, window = pool_window(name, x.shape[2:], kernel_size, stride, padding, dilation, ceil_mode, strict)
    return max_pool(axes, x, window, return_indices)


def global_max_pool(x: Array) -> Array:
    """The largest element of each channel; where several tie, the first gets the error signal.

    Arguments:
        x: images, shape ``(N, C, *size)`` with any number of axes.

    Returns:
        Shape ``(N, C)``.

    Raises:
        ValueError: if `x` has no axis after the channels, or no pixel.
        TypeError: if `x` is complex.

    >>> import minigrad as mg
    >>> mg.global_max_pool(mg.Tensor([[[[1.0, 4.0], [3.0, 2.0]]]]))
    Tensor([[4.]])
    """
    x = refuse_complex("global_max_pool", as_images_of_any_size("global_max_pool", x))
    rows = reshape(x, (*x.shape[:2], prod(x.shape[2:])))
    return np.take_along_axis(rows, np.argmax(rows, axis=2, keepdims=True), axis=2).squeeze(2)
