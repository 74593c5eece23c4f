"""Losses of models that predict numbers."""

from __future__ import annotations

import minigrad as mg
from nn.module import Module
from nn.typing import Array

__all__ = ["MSELoss"]


class MSELoss(Module):
    """The mean squared error of outputs and targets.

    Raises:
        ValueError: in a call, if the shapes differ: broadcasting would compare every output with every target.

    >>> import nn, numpy as np
    >>> float(nn.MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """

    def forward(self, y: Array, target: Array) -> Array:
        """``mg.mse_loss``."""
        return mg.mse_loss(y, target)
