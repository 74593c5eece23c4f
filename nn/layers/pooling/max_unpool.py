"""Max unpooling: each element back at the position of the maximum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import minigrad as mg
from nn.layers.pooling.base import PoolingLayer
from nn.typing import Array, PerAxis

__all__ = ["MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"]


class _MaxUnpool(PoolingLayer):
    defaults: ClassVar = {"stride": None, "padding": 0}

    def __init__(self, kernel_size: PerAxis, stride: PerAxis | None = None, padding: PerAxis = 0) -> None:
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding

    def forward(self, x: Array, indices: Any, output_size: Sequence[int] | None = None) -> Array:
        """The elements of `x` at their indices, and 0 elsewhere."""
        return self.function(x, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool1d(_MaxUnpool):
    """The elements of a sequence back where `MaxPool1d` took them from: `MaxUnpool2d` along one axis.

    Shapes: inputs ``(N, C, L)`` twice, output ``(N, C, OL)``.

    >>> import nn
    >>> y, indices = nn.MaxPool1d(2, return_indices=True)([[[1.0, 3.0, 5.0, 2.0]]])
    >>> nn.MaxUnpool1d(2)(y, indices)
    array([[[0., 3., 5., 0.]]])
    """

    function = staticmethod(mg.max_unpool1d)


class MaxUnpool2d(_MaxUnpool):
    """The elements of an image back where `MaxPool2d` took them from, and 0 everywhere else, as in a decoder.

    Call it with the elements, the indices that `MaxPool2d` returned, and the output size where several are possible.

    Arguments:
        kernel_size, stride, padding: as for the pooling.

    Shapes: inputs ``(N, C, H, W)`` twice, output ``(N, C, OH, OW)`` with OH = (H − 1)·S − 2P + F unless given.

    >>> import nn, numpy as np
    >>> y, indices = nn.MaxPool2d(2, return_indices=True)(np.ones((1, 6, 28, 28)))
    >>> nn.MaxUnpool2d(2)(y, indices).shape
    (1, 6, 28, 28)
    """

    function = staticmethod(mg.max_unpool2d)


class MaxUnpool3d(_MaxUnpool):
    """The elements of a volume back where `MaxPool3d` took them from: `MaxUnpool2d` along three axes.

    Shapes: inputs ``(N, C, D, H, W)`` twice, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> y, indices = nn.MaxPool3d(2, return_indices=True)(np.ones((1, 6, 2, 4, 4)))
    >>> nn.MaxUnpool3d(2)(y, indices).shape
    (1, 6, 2, 4, 4)
    """

    function = staticmethod(mg.max_unpool3d)
