"""Pooling layers."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module

__all__ = ["MaxPool2d"]


class MaxPool2d(Module):
    """The largest element of each window: a smaller image that keeps the strongest responses.

    Arguments:
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins.

    >>> import nn, numpy as np
    >>> nn.MaxPool2d(2)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding

    def forward(self, x: Any) -> Any:
        """``mg.max_pool2d`` with this window."""
        return mg.max_pool2d(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        """The arguments, leaving out defaults."""
        text = f"{self.kernel_size}"
        text += "" if self.stride in (None, self.kernel_size) else f", stride={self.stride}"
        return text + ("" if self.padding in (0, (0, 0)) else f", padding={self.padding}")
