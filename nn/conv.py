"""The convolutional layer."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.init import uniform_fan_in
from nn.module import Module

__all__ = ["Conv2d"]


class Conv2d(Module):
    """Filters that scan images, each giving one feature map; all positions share its weights.

    Arguments:
        in_channels, out_channels: channels of the images, and the number of filters.
        kernel_size: size of a filter, for both axes or as (rows, columns).
        stride: pixels from one position to the next, likewise.
        padding: zeros around the images, likewise.
        bias: whether each filter adds a number of its own.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters.

    Shapes: input ``(N, in_channels, H, W)``, output ``(N, out_channels, OH, OW)`` with
    OH = ⌊(H − F + 2P) / S⌋ + 1; ``weight`` (out_channels, in_channels, KH, KW), ``bias`` (out_channels,).

    Raises:
        ValueError: in a call, if the images have other channels, or are smaller than a filter.

    >>> import nn, numpy as np
    >>> nn.Conv2d(3, 6, 5)(np.ones((1, 3, 32, 32), dtype=np.float32)).shape
    (1, 6, 28, 28)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        bias: bool = True,
        *,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        kernel = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        fan_in = in_channels * kernel[0] * kernel[1]
        self.weight = uniform_fan_in((out_channels, in_channels, *kernel), fan_in, dtype=dtype, rng=rng)
        self.bias = uniform_fan_in((out_channels,), fan_in, dtype=dtype, rng=rng) if bias else None
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding

    def forward(self, x: Any) -> Any:
        """``mg.conv2d`` with this layer's filters."""
        return mg.conv2d(x, self.weight, self.bias, stride=self.stride, padding=self.padding)

    def extra_repr(self) -> str:
        """The arguments, leaving out defaults."""
        out_channels, in_channels = self.weight.shape[:2]
        text = f"{in_channels}, {out_channels}, kernel_size={self.kernel_size}"
        text += "" if self.stride in (1, (1, 1)) else f", stride={self.stride}"
        text += "" if self.padding in (0, (0, 0)) else f", padding={self.padding}"
        return text + ("" if self.bias is not None else ", bias=False")
