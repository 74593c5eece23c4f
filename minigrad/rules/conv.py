"""Convolution, which scans images with filters (cross-correlation, as in the lectures).

Three primitives, each linear in both arguments, whose rules name one another: the scan, the error
signal of what was scanned, and the error signal of the filters, to which every position contributes.
So convolution can be differentiated any number of times.
"""

from __future__ import annotations

from typing import Any

from minigrad.kernels import conv as kernels
from minigrad.kernels.windows import Pair
from minigrad.primitive import Primitive
from minigrad.rules.shape import shape_of
from minigrad.rules.windows import check_fits, pair

__all__ = ["conv2d"]


def _input_grad(z_bar: Any, weight: Any, like: Any, stride: Pair, padding: Pair) -> Any:
    return _conv2d_input_grad(z_bar, weight, size=like.shape[2:], stride=stride, padding=padding)


def _weight_grad(z_bar: Any, x: Any, like: Any, stride: Pair, padding: Pair) -> Any:
    return _conv2d_weight_grad(z_bar, x, kernel=like.shape[2:], stride=stride, padding=padding)


_conv2d = Primitive(
    "conv2d",
    kernels.conv2d,
    lambda z_bar, z, x, w, b=None, *, stride, padding: _input_grad(z_bar, w, x, stride, padding),
    lambda z_bar, z, x, w, b=None, *, stride, padding: _weight_grad(z_bar, x, w, stride, padding),
    lambda z_bar, z, x, w, b=None, *, stride, padding: z_bar.sum(axis=(0, 2, 3)),
)

_conv2d_input_grad = Primitive(
    "conv2d_input_grad",
    kernels.conv2d_input_grad,
    lambda u_bar, u, z_bar, w, size, stride, padding: _conv2d(u_bar, w, stride=stride, padding=padding),
    lambda u_bar, u, z_bar, w, size, stride, padding: _weight_grad(z_bar, u_bar, w, stride, padding),
    symbol="conv2dᵀ",
)

_conv2d_weight_grad = Primitive(
    "conv2d_weight_grad",
    kernels.conv2d_weight_grad,
    lambda u_bar, u, z_bar, x, kernel, stride, padding: _conv2d(x, u_bar, stride=stride, padding=padding),
    lambda u_bar, u, z_bar, x, kernel, stride, padding: _input_grad(z_bar, u_bar, x, stride, padding),
)


def conv2d(x: Any, weight: Any, bias: Any = None, *, stride: int | Pair = 1, padding: int | Pair = 0) -> Any:
    """Scan images with filters: at each position the dot product of the filter with what it lies on.

    The output has ⌊(N − F + 2P) / S⌋ + 1 positions along an axis of N pixels, for a filter of F, stride S
    and P rows of zeros on each side.

    Arguments:
        x: images, shape ``(N, C, H, W)``.
        weight: filters, shape ``(O, C, KH, KW)``.
        bias: one number for each filter, shape ``(O,)``.
        stride: pixels from one position to the next, for both axes or as (rows, columns).
        padding: zeros around the images, for both axes or as (rows, columns).

    Returns:
        Feature maps, shape ``(N, O, OH, OW)``.

    Raises:
        ValueError: if the shapes do not belong together, or a filter is larger than the padded images.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> edge = mg.Tensor([[[[-1.0, 1.0]]]], requires_grad=True)
    >>> mg.conv2d(image, edge).shape
    (1, 1, 4, 3)
    """
    stride, padding = pair("conv2d: stride", stride, least=1), pair("conv2d: padding", padding, least=0)
    _check(shape_of(x), shape_of(weight), None if bias is None else shape_of(bias), stride, padding)
    arrays = (x, weight) if bias is None else (x, weight, bias)
    return _conv2d(*arrays, stride=stride, padding=padding)


def _check(x: Any, w: Any, b: Any, stride: Pair, padding: Pair) -> None:
    if len(x) != 4 or len(w) != 4:
        raise ValueError(
            f"conv2d: expected images (N, C, H, W) and weight (O, C, KH, KW), got shapes {x} and {w}"
            + ("; a single image needs a batch axis: x[None]" if len(x) == 3 else "")
        )
    if x[1] != w[1]:
        raise ValueError(
            f"conv2d: input has {x[1]} channels (shape {x}, N C H W) but weight expects {w[1]} "
            f"(shape {w}, O C KH KW); did you mean Conv2d({x[1]}, {w[0]}, {w[2] if w[2] == w[3] else w[2:]})?"
        )
    if b is not None and b != w[:1]:
        raise ValueError(f"conv2d: bias has shape {b}, expected one number for each of the {w[0]} filters: {w[:1]}")
    check_fits("conv2d: filter", x[2:], w[2:], stride, padding)
