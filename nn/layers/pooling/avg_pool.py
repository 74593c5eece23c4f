"""Average pooling."""

from __future__ import annotations

from typing import ClassVar

import minigrad as mg
from nn.layers.pooling.base import PoolingLayer
from nn.typing import Array, Padding, PerAxis

__all__ = ["AvgPool1d", "AvgPool2d", "AvgPool3d"]


class _AvgPool(PoolingLayer):
    operation = "average"
    defaults: ClassVar = {
        "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True, "divisor_override": None,
        "strict": False,
    }  # fmt: skip

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: float | None = None,
        *,
        strict: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override
        self.strict = strict

    def forward(self, x: Array) -> Array:
        """The average of each window."""
        params = (self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        divisor = () if self.divisor_override is None else (self.divisor_override,)  # mg.avg_pool1d takes none
        return self.function(x, *params, *divisor, strict=self.strict)


class AvgPool1d(_AvgPool):
    """The average of each window of a sequence: `AvgPool2d` along one axis, without `divisor_override`.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AvgPool1d(2)([[[1.0, 3.0, 2.0, 6.0]]])
    array([[[2., 4.]]])
    """

    function = staticmethod(mg.avg_pool1d)
    axes = 1

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        *,
        strict: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad, strict=strict)


class AvgPool2d(_AvgPool):
    """The average of each window of an image.

    Arguments:
        kernel_size: the size of the window, for both axes or as (rows, columns).
        stride: the step in pixels from one window to the next; the size of the window if not given.
        padding: a border of zeros, in any form that `minigrad.avg_pool2d` takes.
        ceil_mode: whether to include a last window that extends beyond the image.
        count_include_pad: whether the divisor counts the zeros of the padding.
        divisor_override: a divisor in place of the number of pixels.
        strict: whether to refuse images of which the windows leave rows or columns over, as `Conv2d` does.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.AvgPool2d(3, stride=2, padding=1)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    function = staticmethod(mg.avg_pool2d)
    axes = 2


class AvgPool3d(_AvgPool):
    """The average of each window of a volume: `AvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AvgPool3d(2)(np.ones((1, 6, 4, 28, 28))).shape
    (1, 6, 2, 14, 14)
    """

    function = staticmethod(mg.avg_pool3d)
    axes = 3
