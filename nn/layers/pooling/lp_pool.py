"""Lp pooling: the norm of each window."""

from __future__ import annotations

from typing import ClassVar

import minigrad as mg
from nn.layers.pooling.base import PoolingLayer
from nn.typing import Array, PerAxis

__all__ = ["LPPool1d", "LPPool2d", "LPPool3d"]


class _LPPool(PoolingLayer):
    required = ("norm_type", "kernel_size")
    defaults: ClassVar = {"stride": None, "ceil_mode": False, "strict": False}

    def __init__(
        self,
        norm_type: float,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        ceil_mode: bool = False,
        *,
        strict: bool = False,
    ) -> None:
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode
        self.strict = strict

    def forward(self, x: Array) -> Array:
        """The norm of each window."""
        return self.function(x, self.norm_type, self.kernel_size, self.stride, self.ceil_mode, strict=self.strict)


class LPPool1d(_LPPool):
    """The norm of each window of a sequence: `LPPool2d` along one axis.

    Shapes: input ``(N, C, L)``, output ``(N, C, OL)``.

    >>> import nn
    >>> nn.LPPool1d(2, 2)([[[3.0, -4.0, 0.0, 2.0]]])
    array([[[5., 2.]]])
    """

    function = staticmethod(mg.lp_pool1d)


class LPPool2d(_LPPool):
    """The norm of each window of an image, ``(Σ |x|ᵖ)^(1/p)``: the lecture's L2-norm pooling with p = 2.

    Arguments:
        norm_type: p, greater than 0; ``np.inf`` for the largest absolute value.
        kernel_size: the size of the window, for both axes or as (rows, columns).
        stride: the step in pixels from one window to the next; the size of the window if not given.
        ceil_mode: whether to include a last window that extends beyond the image.
        strict: whether to refuse images of which the windows leave rows or columns over, as `Conv2d` does.

    Shapes: input ``(N, C, H, W)``, output ``(N, C, OH, OW)`` with OH = ⌊(H − F) / S⌋ + 1.

    >>> import nn, numpy as np
    >>> nn.LPPool2d(2, 2)(np.ones((1, 1, 2, 2)))
    array([[[[2.]]]])
    """

    function = staticmethod(mg.lp_pool2d)


class LPPool3d(_LPPool):
    """The norm of each window of a volume: `LPPool2d` along three axes.

    Shapes: input ``(N, C, D, H, W)``, output ``(N, C, OD, OH, OW)``.

    >>> import nn, numpy as np
    >>> nn.LPPool3d(1, 2)(np.ones((1, 1, 2, 2, 2)))
    array([[[[[8.]]]]])
    """

    function = staticmethod(mg.lp_pool3d)
