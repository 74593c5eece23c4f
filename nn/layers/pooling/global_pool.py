"""Global pooling: one number for each channel."""

from __future__ import annotations

import minigrad as mg
from nn.module import Module
from nn.typing import Array

__all__ = ["GlobalAvgPool", "GlobalMaxPool"]


class GlobalAvgPool(Module):
    """The average of each channel, over any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalAvgPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Array) -> Array:
        """``mg.global_avg_pool``."""
        return mg.global_avg_pool(x)


class GlobalMaxPool(Module):
    """The maximum of each channel, over any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalMaxPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Array) -> Array:
        """``mg.global_max_pool``."""
        return mg.global_max_pool(x)
