"""Resampling: images resized by interpolation, and channels rearranged into pixels.

Interpolation is linear, a product with a constant matrix along each axis; its rule is the transpose, whose rule is
interpolation again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.spatial import resampling as kernels
from minigrad.kernels.spatial.windows import Ints
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.manipulation.transpose import transpose
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.spatial.windows import axis_names, is_whole, missing_axes, per_axis
from minigrad.typing import Array

__all__ = ["pixel_shuffle", "upsample"]


# ---------------------------------------------------------------- interpolation
_upsample: Primitive = Primitive(
    "upsample",
    kernels.upsample,
    lambda y_bar, y, x, size, **params: _upsample_input_grad(y_bar, size=x.shape[2:], **params),
    axes=builtin_axes.resampling,
)
_upsample_input_grad: Primitive = Primitive(
    "upsample_input_grad",
    kernels.upsample_input_grad,
    lambda u_bar, u, y_bar, size, **params: _upsample(u_bar, size=y_bar.shape[2:], **params),
    symbol="upsampleᵀ",
)

#: PyTorch's names of linear interpolation, by the number of axes.
_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def upsample(
    x: Array,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool = False,
) -> Array:
    """Resize images, up or down: each new pixel is the nearest of `x`, or a weighted mean of its neighbours.

    Arguments:
        x: sequences ``(N, C, L)``, images ``(N, C, H, W)`` or volumes ``(N, C, D, H, W)``.
        size: the new number of pixels, for all axes or for each; instead of it
        scale_factor: the ratio of new pixels to old ones, for all axes or for each: N becomes ⌊N · scale_factor⌋.
        mode: ``"nearest"``; or ``"linear"`` for sequences, ``"bilinear"`` for images, ``"trilinear"`` for volumes,
            which weight the two neighbours along each axis by how near they are.
        align_corners: for the linear modes, whether the centres of the outermost pixels, old and new, coincide;
            otherwise their outer edges do.

    Returns:
        Shape ``(N, C, *size)``.

    Raises:
        ValueError: if `x` has another shape, neither or both of `size` and `scale_factor` are given, no pixel would be
            left, or there is no such mode.

    With ``"nearest"``, a scale that gives N or 2N pixels is treated as 1 or 2, even where it is slightly more, as
    PyTorch does for images.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[[1.0, 3.0]]])
    >>> mg.upsample(x, scale_factor=2)
    Tensor([[[1., 1., 3., 3.]]])
    >>> mg.upsample(x, scale_factor=2, mode="linear")
    Tensor([[[1. , 1.5, 2.5, 3. ]]])
    >>> mg.upsample(x, size=3, mode="linear", align_corners=True)
    Tensor([[[1., 2., 3.]]])
    """
    x = as_array(x, "upsample")
    axes = x.ndim - 2
    if axes not in _LINEAR or not all(x.shape[2:]):
        raise ValueError(
            "upsample: expected sequences (N, C, L), images (N, C, H, W) or volumes (N, C, D, H, W) of at least one "
            f"pixel, got shape {x.shape}{missing_axes(x.shape, 2)}"
        )
    if mode not in ("nearest", _LINEAR[axes]):
        batch = missing_axes(x.shape, axes + 1) if mode == _LINEAR.get(axes + 1) else ""
        raise ValueError(
            f"upsample: got mode={mode!r} for shape {x.shape}, expected 'nearest' or {_LINEAR[axes]!r}{batch}"
        )
    if align_corners and mode == "nearest":
        raise ValueError("upsample: align_corners is for linear modes; leave it out with mode='nearest'")
    sizes, steps = _size_and_steps(x.shape[2:], size, scale_factor, mode)
    if align_corners:
        steps = tuple((n - 1) / max(m - 1, 1) for n, m in zip(x.shape[2:], sizes, strict=True))
    kind = "nearest" if mode == "nearest" else "linear"
    return _upsample(x, size=sizes, steps=steps, mode=kind, align_corners=bool(align_corners))


def _size_and_steps(old: Ints, size: Any, scale_factor: Any, mode: str) -> tuple[Ints, tuple[float, ...]]:
    """The new size, and the distance between neighbouring new pixels, in old pixels."""
    if (size is None) == (scale_factor is None):
        raise ValueError(
            f"upsample: got size={size} and scale_factor={scale_factor}, expected one of the two: "
            "size=32 for 32 pixels, scale_factor=2 for twice as many"
        )
    if size is not None:
        sizes = per_axis("upsample: size", unwrap(size), len(old), least=1)
        return sizes, tuple(n / m for n, m in zip(old, sizes, strict=True))
    refuse_gradient("upsample", "scale_factor", scale_factor)
    scales = _scales(unwrap(scale_factor), len(old))
    sizes = tuple(int(n * s) for n, s in zip(old, scales, strict=True))
    for axis, n, scale, m in zip(axis_names(len(old)), old, scales, sizes, strict=True):
        if m < 1:
            raise ValueError(
                f"upsample: scale_factor {scale_factor} leaves ⌊N · scale⌋ = ⌊{n} · {scale:g}⌋ = 0 {axis}; "
                f"use at least 1/{n}, or size=1"
            )
    exact = (1, 2) if mode == "nearest" else (1,)  # ratios that count instead of the scale
    return sizes, tuple(n / m if m / n in exact else 1 / s for n, m, s in zip(old, sizes, scales, strict=True))


def _scales(value: Any, axes: int) -> tuple[float, ...]:
    scales = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(scales) != axes or not all(isinstance(s, int | float | np.number) and 0 < s < np.inf for s in scales):
        raise ValueError(
            f"upsample: scale_factor must be a number above 0, or one for each of {axes} axes; got {value!r}"
        )
    return tuple(map(float, scales))


# ---------------------------------------------------------------- channels into pixels
def pixel_shuffle(x: Array, upscale_factor: int) -> Array:
    """Rearrange channels into pixels: r² channels of one pixel become r × r pixels of one channel.

    A convolution before it computes at the small size what will be seen at the large one.

    Arguments:
        x: images, shape ``(N, C·r², H, W)``.
        upscale_factor: r, how many times as high and as wide the images become.

    Returns:
        Shape ``(N, C, H·r, W·r)``.

    Raises:
        ValueError: if `x` has another shape, or the number of its channels is not a multiple of r².

    Source: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
    convolutional neural network", 2016.

    >>> import minigrad as mg
    >>> mg.pixel_shuffle(mg.Tensor([[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]]), 2)
    Tensor([[[[1., 2.],
              [3., 4.]]]])
    """
    x = as_array(x, "pixel_shuffle")
    r = upscale_factor
    if not is_whole(r) or r < 1:
        raise ValueError(f"pixel_shuffle: upscale_factor must be a whole number ≥ 1; got {r!r}")
    if x.ndim != 4:
        raise ValueError(
            f"pixel_shuffle: expected images (N, C·r², H, W), got shape {x.shape}{missing_axes(x.shape, 2, r * r)}"
        )
    n, channels, h, w = x.shape
    if channels % r**2:
        near = [str(n) for n in (channels - channels % r**2, channels + -channels % r**2) if n]
        raise ValueError(
            f"pixel_shuffle: {channels} channels (shape {x.shape}, N C H W) cannot be divided into r·r = {r}·{r} "
            f"pixels each; the layer before needs {r**2} channels for each output channel, such as "
            f"{' or '.join(near)}"
        )
    pixels = transpose(reshape(x, (n, channels // r**2, r, r, h, w)), 0, 1, 4, 2, 5, 3)  # (N, C, H, r, W, r)
    return reshape(pixels, (n, channels // r**2, h * r, w * r))
