"""Checks of what is handed to pooling: the axes of the images, and windows that fit them."""

from __future__ import annotations

from math import prod
from typing import Any

from minigrad.kernels.spatial.windows import Ints, PadWidth, dilated_size
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.looked_up import looked_up
from minigrad.rules.spatial.windows import check_fits, missing_axes, normalize_padding, per_axis
from minigrad.typing import Array, Padding, PerAxis

__all__ = ["as_images", "as_images_of_any_size", "pool_window", "refuse_complex"]

_EXPECTED = {
    1: "sequences of shape (N, C, L)",
    2: "images of shape (N, C, H, W)",
    3: "volumes of shape (N, C, D, H, W)",
}


# ---------------------------------------------------------------- images
def as_images(name: str, axes: int, x: Array) -> Array:
    """`x` as an array with this number of axes after those of samples and channels.

    Raises:
        ValueError: if it has another number.
    """
    x = as_array(x, name)
    if x.ndim != 2 + axes:
        raise ValueError(f"{name}: expected {_EXPECTED[axes]}, got {x.shape}{missing_axes(x.shape, axes)}")
    return x


def as_images_of_any_size(name: str, x: Array) -> Array:
    """`x` as an array with at least one axis after those of samples and channels.

    Raises:
        ValueError: if it has none, or no pixel.
    """
    x = as_array(x, name)
    if x.ndim < 3 or not prod(x.shape[2:]):
        raise ValueError(f"{name}: expected shape (N, C, *size) with at least one axis and pixel, got {x.shape}")
    return x


def refuse_complex(name: str, x: Array) -> Array:
    """`x`, if its elements can be ordered.

    Raises:
        TypeError: if it is complex.
    """
    if x.dtype.kind == "c":
        raise TypeError(f"{name}: complex numbers have no largest element; pool abs(x)")
    return x


# ---------------------------------------------------------------- windows
@looked_up
def pool_window(
    name: str,
    size: Ints,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Padding,
    dilation: PerAxis,
    ceil_mode: bool,
    strict: bool,
) -> tuple[PadWidth, dict[str, Any]]:
    """The padding that was asked for, and the window as kernels take it, whose padding may be wider for `ceil_mode`.

    Raises:
        ValueError: if the window does not fit, under `strict` evenly, or could lie in the padding alone.
    """
    kernel = per_axis(f"{name}: kernel_size", kernel_size, len(size), least=1)
    strides = kernel if stride is None else per_axis(f"{name}: stride", stride, len(size), least=1)
    dilations = per_axis(f"{name}: dilation", dilation, len(size), least=1)
    pad_width = normalize_padding(f"{name}: padding", padding, kernel, dilations)
    spans = dilated_size(kernel, dilations)
    if any(2 * max(p) > f for p, f in zip(pad_width, spans, strict=True)):
        spanned = f", which spans {spans}" if spans != kernel else ""
        raise ValueError(
            f"{name}: padding {padding} is more than half the window {kernel}{spanned}: a window could be empty; "
            f"use at most ⌊F / 2⌋ = {tuple(f // 2 for f in spans)}"
        )
    if any(any(p) and n < d for n, p, d in zip(size, pad_width, dilations, strict=True)):
        raise ValueError(
            f"{name}: dilation {dilation} steps over all of {size}: with padding {padding} a window could be empty; "
            f"use a dilation of at most {size}"
        )
    if strict and ceil_mode:
        raise ValueError(
            f"{name}: strict=True refuses windows that do not fit, and ceil_mode=True lets them reach beyond the "
            "image; leave out one of them"
        )
    wider = _padding_for_ceil_mode(size, spans, strides, pad_width) if ceil_mode else pad_width
    check_fits(f"{name}: window", size, kernel, strides, wider, dilations, strict, most=[f // 2 for f in spans])
    return pad_width, {"kernel": kernel, "stride": strides, "padding": wider, "dilation": dilations}


def _padding_for_ceil_mode(size: Ints, spans: Ints, stride: Ints, padding: PadWidth) -> PadWidth:
    """The padding with room for one more window, where it starts in the image or in the padding before it."""
    wider = []
    for n, f, s, (before, after) in zip(size, spans, stride, padding, strict=True):
        start = -((n + before + after - f) // -s) * s
        wider.append((before, max(after, start + f - n - before) if 0 <= start < n + before else after))
    return tuple(wider)
