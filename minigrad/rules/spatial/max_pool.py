"""Max-pooling: the error signal goes to the element that took the max.

The forward pass keeps the switches, and the scatter through them and the pick at them are each
other's rules, so pooling too can be differentiated any number of times.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.spatial import max_pool as kernels
from minigrad.kernels.spatial.windows import Borders, Sizes, dilated_size
from minigrad.rules import axis_maps
from minigrad.rules.arguments import as_array
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.windows import check_fits, normalize_padding, per_axis
from minigrad.typing import Padding, PerAxis

__all__ = ["global_max_pool", "max_pool1d", "max_pool2d", "max_pool3d"]

_EXPECTED = {
    1: "sequences of shape (N, C, L)",
    2: "images of shape (N, C, H, W)",
    3: "volumes of shape (N, C, D, H, W)",
}


def _family(axes: int) -> tuple[Primitive, Primitive, Primitive]:
    """Pooling along so many axes, what brings its error signal back, and what picks the winners out of an image."""
    pool: Primitive = Primitive(
        f"max_pool{axes}d",
        kernels.max_pool,
        lambda y_bar, y, x, switches, **window: unpool(y_bar, switches=switches, size=x.shape[2:], **window),
        saves=("switches",),
        axes=axis_maps.pooling,
    )
    unpool: Primitive = Primitive(
        f"unpool{axes}d",
        kernels.unpool,
        lambda u_bar, u, y_bar, switches, size, **window: pick(u_bar, switches=switches, **window),
        axes=axis_maps.pooling_transpose,
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

#: By the number of axes.
POOLS = {1: _max_pool1d, 2: _max_pool2d, 3: _max_pool3d}


def max_pool1d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of a sequence: `max_pool2d` along one axis.

    Arguments:
        x: sequences, shape ``(N, C, L)``.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices: as for `max_pool2d`, in tuples of one.

    Returns:
        Shape ``(N, C, OL)``, with the indices if asked for.

    Raises:
        ValueError: as `max_pool2d`.

    >>> import minigrad as mg
    >>> mg.max_pool1d([[[1.0, 3.0, 2.0, 5.0, 4.0]]], 3, stride=1)
    array([[[3., 5., 5.]]])
    """
    return _pooled(1, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of an image; its error signal goes back to that element alone.

    Of elements that tie, the first wins, row by row; NaN is larger than any number.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins, at most half the window: for both axes, as (rows, columns), where each
            may be a pair (before, after), or ``"same"``, as for `conv2d`.
        dilation: pixels from one element of the window to the next: it spans D·(F − 1) + 1.
        ceil_mode: whether a last window that reaches beyond the image counts, if it starts inside: ⌈ ⌉ in place
            of ⌊ ⌋ below.
        return_indices: whether to give the winners, too, for `max_unpool2d`.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F + 2P) / S⌋ + 1 windows along each axis. If asked for, with the place
        of each winner in its image, counted row by row: a plain array of int64 of the same shape.

    Raises:
        ValueError: if `x` is not four-dimensional, no window fits, or one could lie in the padding alone.
        TypeError: if `x` is complex.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[1.0, 4.0], [4.0, 2.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.max_pool2d(x, 2).backward()
    >>> x.grad[0, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    return _pooled(2, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of a volume: `max_pool2d` along three axes.

    Arguments:
        x: volumes, shape ``(N, C, D, H, W)``.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices: as for `max_pool2d`, in tuples of three
            (planes, rows, columns).

    Returns:
        Shape ``(N, C, OD, OH, OW)``, with the indices if asked for.

    Raises:
        ValueError: as `max_pool2d`.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.max_pool3d(np.arange(8.0).reshape(1, 1, 2, 2, 2), 2)
    array([[[[[7.]]]]])
    """
    return _pooled(3, x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _pooled(
    axes: int,
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    dilation: PerAxis,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    pool = POOLS[axes]
    x = ordered(pool.name, images(pool.name, axes, x))
    _, window = windows_of(pool.name, x, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(pool, x, window, return_indices)


def with_indices(pool: Primitive, x: Any, window: dict[str, Any], return_indices: bool) -> Any:
    """The largest elements, and if asked for where in the image they are."""
    y = pool(x, **window)
    if not return_indices:
        return y
    _, switches = kernels.max_pool(unwrap(x), **window)
    return y, kernels.pixels(switches, size=x.shape[2:], **window)


def ordered(name: str, x: Any) -> Any:
    """`x`, if of two of its elements one is larger."""
    if x.dtype.kind == "c":
        raise TypeError(f"{name}: of complex numbers none is the largest; pool abs(x)")
    return x


def images(name: str, axes: int, x: Any) -> Any:
    """`x` as an array, if it has so many axes behind those of samples and channels."""
    x = as_array(x, name)
    if x.ndim != 2 + axes:
        single = "; a single one needs a batch axis: x[None]" if x.ndim == 1 + axes else ""
        raise ValueError(f"{name}: expected {_EXPECTED[axes]}, got {x.shape}{single}")
    return x


def windows_of(
    name: str,
    x: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    dilation: PerAxis,
    ceil_mode: bool,
) -> tuple[Borders, dict[str, Any]]:
    """The padding that was asked for, and the windows as kernels take them, with what `ceil_mode` pads further.

    Raises:
        ValueError: if they do not fit, or one could lie in the padding alone.
    """
    size = x.shape[2:]
    kernel = per_axis(f"{name}: kernel_size", kernel_size, len(size), least=1)
    strides = kernel if stride is None else per_axis(f"{name}: stride", stride, len(size), least=1)
    dilations = per_axis(f"{name}: dilation", dilation, len(size), least=1)
    border = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    spans = dilated_size(kernel, dilations)
    if any(2 * max(p) > f for p, f in zip(border, spans, strict=True)):
        spanned = f", which spans {spans}" if spans != kernel else ""
        raise ValueError(
            f"{name}: padding {padding} is more than half the window {kernel}{spanned}: a window could be empty; "
            f"use at most ⌊F / 2⌋ = {tuple(f // 2 for f in spans)}"
        )
    if any(any(p) and n < d for n, p, d in zip(size, border, dilations, strict=True)):
        raise ValueError(
            f"{name}: dilation {dilation} steps over all of {size}: with padding {padding} a window could be empty; "
            f"use a dilation of at most {size}"
        )
    whole = _up_to_the_last(size, spans, strides, border) if ceil_mode else border
    check_fits(f"{name}: window", size, kernel, strides, whole, dilations)
    return border, {"kernel": kernel, "stride": strides, "padding": whole, "dilation": dilations}


def _up_to_the_last(size: Sizes, spans: Sizes, stride: Sizes, padding: Borders) -> Borders:
    """A padding after which a last window ends, where one more starts in the image or in the padding before."""
    wider = []
    for n, f, s, (before, after) in zip(size, spans, stride, padding, strict=True):
        start = -((n + before + after - f) // -s) * s
        wider.append((before, max(after, start + f - n - before) if 0 <= start < n + before else after))
    return tuple(wider)


def global_max_pool(x: Any) -> Any:
    """The largest element of each channel, wherever it is: of those that tie, the first.

    Arguments:
        x: shape ``(N, C, *size)``, with any number of axes.

    Returns:
        Shape ``(N, C)``.

    Raises:
        ValueError: if `x` has no axis behind the channels, or no elements there.

    >>> import minigrad as mg
    >>> mg.global_max_pool(mg.Tensor([[[[1.0, 4.0], [3.0, 2.0]]]]))
    Tensor([[4.]])
    """
    x = ordered("global_max_pool", of_any_size("global_max_pool", x))
    rows = reshape(x, (*x.shape[:2], prod(x.shape[2:])))
    return np.take_along_axis(rows, np.argmax(rows, axis=2, keepdims=True), axis=2)[..., 0]


def of_any_size(name: str, x: Any) -> Any:
    """`x` as an array, if it has axes behind those of samples and channels, and elements there."""
    x = as_array(x, name)
    if x.ndim < 3 or not prod(x.shape[2:]):
        raise ValueError(f"{name}: expected shape (N, C, *size) with at least one axis and pixel, got {x.shape}")
    return x
