"""Max-pooling: the error signal goes to the element that took the max.

The forward pass keeps the switches, and the scatter through them and the pick at them are each
other's rules, so pooling too can be differentiated any number of times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minigrad.kernels import pool as kernels
from minigrad.primitive import Primitive
from minigrad.rules.shape import shape_of
from minigrad.rules.windows import borders, check_fits, per_axis

__all__ = ["max_pool2d"]

_max_pool2d: Primitive = Primitive(
    "max_pool2d",
    kernels.max_pool2d,
    lambda y_bar, y, x, switches, **window: _unpool(y_bar, switches=switches, size=x.shape[2:], **window),
    keeps=("switches",),
)
_unpool: Primitive = Primitive(
    "unpool",
    kernels.unpool,
    lambda u_bar, u, y_bar, switches, size, **window: _pick(u_bar, switches=switches, **window),
)
_pick: Primitive = Primitive(
    "pick",
    kernels.pick,
    lambda y_bar, y, x, switches, **window: _unpool(y_bar, switches=switches, size=x.shape[2:], **window),
)


def max_pool2d(
    x: Any,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
) -> Any:
    """The largest element of each window of an image; its error signal goes back to that element alone.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins, at most half the window.

    Returns:
        Shape ``(N, C, OH, OW)`` with ⌊(N − F + 2P) / S⌋ + 1 windows along each axis.

    Raises:
        ValueError: if `x` is not four-dimensional, or no window fits.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> x = mg.Tensor(np.array([[1.0, 4.0], [4.0, 2.0]]).reshape(1, 1, 2, 2), requires_grad=True)
    >>> mg.max_pool2d(x, 2).backward()
    >>> x.grad[0, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    kernel = per_axis("max_pool2d: kernel_size", kernel_size, 2, least=1)
    strides = kernel if stride is None else per_axis("max_pool2d: stride", stride, 2, least=1)
    border = borders("max_pool2d: padding", padding, kernel, (1, 1))
    if len(shape_of(x)) != 4:
        raise ValueError(f"max_pool2d: expected images of shape (N, C, H, W), got {shape_of(x)}")
    if any(2 * max(p) > k for p, k in zip(border, kernel, strict=True)):
        raise ValueError(
            f"max_pool2d: padding {padding} is more than half the window {kernel}: a window could be empty"
        )
    check_fits("max_pool2d: window", x.shape[2:], kernel, strides, border, (1, 1))
    return _max_pool2d(x, kernel=kernel, stride=strides, padding=border, dilation=(1, 1))
