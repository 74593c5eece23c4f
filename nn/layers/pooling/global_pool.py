"""TODO"""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module

__all__ = ["GlobalAvgPool", "GlobalMaxPool"]


class GlobalAvgPool(Module):
    """The average of each channel, of any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalAvgPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Any) -> Any:
        """``mg.global_avg_pool``."""
        return mg.global_avg_pool(x)


class GlobalMaxPool(Module):
    """The largest element of each channel, of any number of axes.

    Shapes: input ``(N, C, *size)``, output ``(N, C)``.

    >>> import nn, numpy as np
    >>> nn.GlobalMaxPool()(np.ones((1, 6, 7, 7))).shape
    (1, 6)
    """

    def forward(self, x: Any) -> Any:
        """``mg.global_max_pool``."""
        return mg.global_max_pool(x)
