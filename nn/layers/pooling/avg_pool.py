"""TODO"""

from __future__ import annotations

from typing import Any, ClassVar

import minigrad as mg
from nn.layers.convolution import Padding, PerAxis
from nn.layers.pooling.base import Pool

__all__ = ["AvgPool1d", "AvgPool2d", "AvgPool3d"]


class _AvgPool(Pool):
    axes: ClassVar[int]
    defaults: ClassVar = {
        "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True, "divisor_override": None,
    }  # fmt: skip

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: float | None = None,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        how: tuple[Any, ...] = (self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        if self.axes > 1:
            how = (*how, self.divisor_override)
        return getattr(mg, f"avg_pool{self.axes}d")(x, *how)


class AvgPool1d(_AvgPool):
    """The average of each window of a sequence: `AvgPool2d` along one axis, without `divisor_override`.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AvgPool1d(2)([[[1.0, 3.0, 2.0, 6.0]]])
    array([[[2., 4.]]])
    """

    axes = 1

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)


class AvgPool2d(_AvgPool):
    """The average of each window: a smaller image, in which every pixel has had its share.

    Arguments:
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border of zeros, in any form that `minigrad.avg_pool2d` takes.
        ceil_mode: whether a last window that reaches beyond the image counts.
        count_include_pad: whether the zeros of the padding count among the pixels that the sum is divided by.
        divisor_override: what every sum is divided by instead of the number of pixels.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.AvgPool2d(3, stride=2, padding=1)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    axes = 2


class AvgPool3d(_AvgPool):
    """The average of each window of a volume: `AvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AvgPool3d(2)(np.ones((1, 6, 4, 28, 28))).shape
    (1, 6, 2, 14, 14)
    """

    axes = 3
