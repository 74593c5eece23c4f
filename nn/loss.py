"""Losses as modules."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module

__all__ = ["CrossEntropyLoss", "MSELoss"]


class CrossEntropyLoss(Module):
    """Softmax and cross-entropy in one, from logits: for classification.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"``.

    Shapes: logits ``(N, C)``; targets ``(N,)`` class numbers, or ``(N, C)`` probabilities.

    >>> import nn, numpy as np
    >>> round(float(nn.CrossEntropyLoss()(np.zeros((1, 10)), np.array([3]))), 4)  # log 10
    2.3026
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, z: Any, target: Any) -> Any:
        """``mg.cross_entropy``."""
        return mg.cross_entropy(z, target, self.reduction)


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
