"""TODO"""

from __future__ import annotations

from typing import Any, ClassVar

import minigrad as mg
from nn.layers.pooling.base import Pool

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]


class _AdaptiveAvgPool(Pool):
    axes: ClassVar[int]
    given = ("output_size",)

    def __init__(self, output_size: int | tuple[int | None, ...] | None) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """The function of this name, to this size."""
        return getattr(mg, f"adaptive_avg_pool{self.axes}d")(x, self.output_size)


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The averages of so many bins of a sequence, of any length: `AdaptiveAvgPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveAvgPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[2., 4.]]])
    """

    axes = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The averages of so many bins of an image, of any size: what follows it may count on one size.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    axes = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """The averages of so many bins of a volume, of any size: `AdaptiveAvgPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveAvgPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    axes = 3


class _AdaptiveMaxPool(Pool):
    axes: ClassVar[int]
    given = ("output_size",)
    defaults: ClassVar = {"return_indices": False}

    def __init__(self, output_size: int | tuple[int | None, ...] | None, return_indices: bool = False) -> None:
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, x: Any) -> Any:
        """The function of this name, to this size."""
        return getattr(mg, f"adaptive_max_pool{self.axes}d")(x, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The largest elements of so many bins of a sequence, of any length: `AdaptiveMaxPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.AdaptiveMaxPool1d(2)([[[1.0, 2.0, 3.0, 4.0, 5.0]]])
    array([[[3., 5.]]])
    """

    axes = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The largest elements of so many bins of an image, of any size.

    Arguments:
        output_size: (OH, OW), or one number for both; ``None`` keeps the size of an axis.
        return_indices: whether to give the place of each winner in its image, too.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool2d((5, None))(np.ones((1, 6, 13, 9))).shape
    (1, 6, 5, 9)
    """

    axes = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """The largest elements of so many bins of a volume, of any size: `AdaptiveMaxPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.AdaptiveMaxPool3d(2)(np.ones((1, 6, 4, 5, 6))).shape
    (1, 6, 2, 2, 2)
    """

    axes = 3
