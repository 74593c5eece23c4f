"""TODO"""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module

__all__ = ["MSELoss"]


class MSELoss(Module):
    """The mean of the squared differences: for regression.

    Raises:
        ValueError: in a call, if the shapes differ; broadcasting them would compare everything with everything.

    >>> import nn, numpy as np
    >>> float(nn.MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """

    def forward(self, y: Any, target: Any) -> Any:
        """``mg.mse_loss``."""
        return mg.mse_loss(y, target)
