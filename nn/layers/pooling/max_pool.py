"""Pooling layers: the functions of the same names, with their windows chosen beforehand."""

from __future__ import annotations

from typing import Any, ClassVar

import minigrad as mg
from nn.layers.convolution import Padding, PerAxis
from nn.layers.pooling.base import Pool

__all__ = ["MaxPool1d", "MaxPool2d", "MaxPool3d"]


class _MaxPool(Pool):
    axes: ClassVar[int]
    defaults: ClassVar = {"stride": None, "padding": 0, "dilation": 1, "return_indices": False, "ceil_mode": False}

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        how = (self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)
        return getattr(mg, f"max_pool{self.axes}d")(x, *how)


class MaxPool1d(_MaxPool):
    """The largest element of each window of a sequence: `MaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool1d(4)(np.ones((1, 6, 28))).shape
    (1, 6, 7)
    """

    axes = 1


class MaxPool2d(_MaxPool):
    """The largest element of each window: a smaller image that keeps the strongest responses.

    Arguments:
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        padding: a border that never wins, in any form that `minigrad.max_pool2d` takes.
        dilation: pixels from one element of the window to the next.
        return_indices: whether to give the place of each winner in its image, too, for `MaxUnpool2d`.
        ceil_mode: whether a last window that reaches beyond the image counts.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.MaxPool2d(2)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    axes = 2


class MaxPool3d(_MaxPool):
    """The largest element of each window of a volume: `MaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool3d((1, 2, 2))(np.ones((1, 6, 3, 28, 28))).shape
    (1, 6, 3, 14, 14)
    """

    axes = 3
