"""Max pooling."""

from __future__ import annotations

from typing import ClassVar

import minigrad as mg
from nn.layers.pooling.base import PoolingLayer
from nn.typing import Array, Padding, PerAxis

__all__ = ["MaxPool1d", "MaxPool2d", "MaxPool3d"]


class _MaxPool(PoolingLayer):
    operation = "max"
    defaults: ClassVar = {
        "stride": None, "padding": 0, "dilation": 1, "return_indices": False, "ceil_mode": False, "strict": False,
    }  # fmt: skip

    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
        *,
        strict: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode
        self.strict = strict

    def forward(self, x: Array) -> Array:
        """The maximum of each window, with its index if asked for."""
        params = (self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)
        return self.function(x, *params, strict=self.strict)


class MaxPool1d(_MaxPool):
    """The maximum of each window of a sequence: `MaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool1d(4)(np.ones((1, 6, 28))).shape
    (1, 6, 7)
    """

    function = staticmethod(mg.max_pool1d)
    axes = 1


class MaxPool2d(_MaxPool):
    """The maximum of each window of an image: a smaller image that keeps the strongest responses.

    Arguments:
        kernel_size: the size of the window, for both axes or as (rows, columns).
        stride: the step in pixels from one window to the next; the size of the window if not given.
        padding: a border that is never the maximum, in any form that `minigrad.max_pool2d` takes.
        dilation: the step from one element of the window to the next.
        return_indices: whether to return the index of each maximum in its image, too, for `MaxUnpool2d`.
        ceil_mode: whether to include a last window that extends beyond the image.
        strict: whether to refuse images of which the windows leave rows or columns over, as `Conv2d` does.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F + 2P) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.MaxPool2d(2)(np.ones((1, 6, 28, 28))).shape
    (1, 6, 14, 14)
    """

    function = staticmethod(mg.max_pool2d)
    axes = 2


class MaxPool3d(_MaxPool):
    """The maximum of each window of a volume: `MaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.MaxPool3d((1, 2, 2))(np.ones((1, 6, 3, 28, 28))).shape
    (1, 6, 3, 14, 14)
    """

    function = staticmethod(mg.max_pool3d)
    axes = 3
