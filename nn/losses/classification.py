"""Losses as modules."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module

__all__ = ["CrossEntropyLoss"]


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
