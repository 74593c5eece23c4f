"""Pooling to an output size of your choice: the average or the maximum of each bin."""

from __future__ import annotations

from typing import ClassVar

import minigrad as mg
from nn.layers.pooling.base import PoolingLayer
from nn.typing import Array

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]


class _AdaptiveAvgPool(PoolingLayer):
    operation = "average to"
    required = ("output_size",)

    def __init__(self, output_size: int | tuple[int | None, ...] | None) -> None:
        self.output_size = output_size

    def forward(self, x: Array) -> Array:
        """The average of each bin."""
        return self.function(x, self.output_size)


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Average pooling of sequences to a chosen length: `AdaptiveAvgPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveAvgPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[2., 4.]]])
    """

    function = staticmethod(mg.adaptive_avg_pool1d)
    axes = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """Average pooling of images of any size to a chosen size, as the layers that follow may need it.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    function = staticmethod(mg.adaptive_avg_pool2d)
    axes = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Average pooling of volumes to a chosen size: `AdaptiveAvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    function = staticmethod(mg.adaptive_avg_pool3d)
    axes = 3


class _AdaptiveMaxPool(PoolingLayer):
    operation = "max to"
    required = ("output_size",)
    defaults: ClassVar = {"return_indices": False}

    def __init__(self, output_size: int | tuple[int | None, ...] | None, return_indices: bool = False) -> None:
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, x: Array) -> Array:
        """The maximum of each bin, with its index if asked for."""
        return self.function(x, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Max pooling of sequences to a chosen length: `AdaptiveMaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveMaxPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[3., 5.]]])
    """

    function = staticmethod(mg.adaptive_max_pool1d)
    axes = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """Max pooling of images of any size to a chosen size.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.
        return_indices: whether to return the index of each maximum in its image, too.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    function = staticmethod(mg.adaptive_max_pool2d)
    axes = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Max pooling of volumes to a chosen size: `AdaptiveMaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    function = staticmethod(mg.adaptive_max_pool3d)
    axes = 3
