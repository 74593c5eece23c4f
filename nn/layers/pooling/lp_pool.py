"""TODO"""

from __future__ import annotations

from typing import Any, ClassVar

import minigrad as mg
from nn.layers.convolution import PerAxis
from nn.layers.pooling.base import Pool

__all__ = ["LPPool1d", "LPPool2d", "LPPool3d"]


class _LPPool(Pool):
    axes: ClassVar[int]
    given = ("norm_type", "kernel_size")
    defaults: ClassVar = {"stride": None, "ceil_mode": False}

    def __init__(
        self, norm_type: float, kernel_size: PerAxis, stride: PerAxis | None = None, ceil_mode: bool = False
    ) -> None:
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, x: Any) -> Any:
        """The function of this name, with this window."""
        pool = getattr(mg, f"lp_pool{self.axes}d")
        return pool(x, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)


class LPPool1d(_LPPool):
    """The norm of each window of a sequence: `LPPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.LPPool1d(2, 2)([[[3.0, -4.0, 0.0, 2.0]]])
    array([[[5., 2.]]])
    """

    axes = 1


class LPPool2d(_LPPool):
    """The norm of each window, ``(Σ |x|ᵖ)^(1/p)``: the lecture's L2-norm pooling with p = 2.

    Arguments:
        norm_type: p, greater than 0; ``np.inf`` for the largest size.
        kernel_size: size of the window, for both axes or as (rows, columns).
        stride: pixels from one window to the next; the size of the window if not given.
        ceil_mode: whether a last window that reaches beyond the image counts.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.LPPool2d(2, 2)(np.ones((1, 1, 2, 2)))
    array([[[[2.]]]])
    """

    axes = 2


class LPPool3d(_LPPool):
    """The norm of each window of a volume: `LPPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.LPPool3d(1, 2)(np.ones((1, 1, 2, 2, 2)))
    array([[[[[8.]]]]])
    """

    axes = 3
