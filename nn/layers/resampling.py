"""Layers that change the size of images without windows: interpolation and pixel shuffle."""

from __future__ import annotations

from collections.abc import Sequence

import minigrad as mg
from nn.module import Module
from nn.typing import Array

__all__ = ["PixelShuffle", "Upsample"]


class Upsample(Module):
    """Images interpolated to another size: each pixel is the nearest one of the input, or a mean of its neighbours.

    Arguments:
        size: the output size in pixels, for all axes or for each; or else
        scale_factor: the output size divided by the input size, likewise.
        mode: ``"nearest"``; or ``"linear"`` for sequences, ``"bilinear"`` for images, ``"trilinear"`` for volumes.
        align_corners: for linear modes, whether the centres of the corner pixels of input and output coincide.

    Raises:
        ValueError: in a call, as `minigrad.upsample`.

    >>> import nn, numpy as np
    >>> nn.Upsample(scale_factor=2, mode="bilinear")(np.ones((1, 16, 7, 7))).shape
    (1, 16, 14, 14)
    """

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode
        self.align_corners = align_corners

    def forward(self, x: Array) -> Array:
        """``mg.upsample`` to this size."""
        return mg.upsample(x, self.size, self.scale_factor, self.mode, bool(self.align_corners))

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        text = f"size={self.size}" if self.size is not None else f"scale_factor={self.scale_factor}"
        text += "" if self.mode == "nearest" else f", mode={self.mode!r}"
        return text + (f", align_corners={self.align_corners}" if self.align_corners else "")


class PixelShuffle(Module):
    """Channels rearranged as pixels: r² channels of one pixel become r × r pixels of one channel.

    Arguments:
        upscale_factor: r.

    Shapes: input ``(N, C·r², H, W)``, output ``(N, C, H·r, W·r)``.

    Raises:
        ValueError: in a call, if the number of channels is not divisible by r².

    >>> import nn, numpy as np
    >>> nn.PixelShuffle(3)(np.ones((1, 18, 4, 4))).shape
    (1, 2, 12, 12)
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = upscale_factor

    def forward(self, x: Array) -> Array:
        """``mg.pixel_shuffle`` by this factor."""
        return mg.pixel_shuffle(x, self.upscale_factor)

    def extra_repr(self) -> str:
        """The argument."""
        return f"{self.upscale_factor}"
