"""Losses of classifiers."""

from __future__ import annotations

import minigrad as mg
from nn.module import Module
from nn.typing import Array

__all__ = ["CrossEntropyLoss"]


class CrossEntropyLoss(Module):
    """The cross-entropy of softmax(logits) and the targets.

    Arguments:
        reduction: ``"mean"`` or ``"sum"`` over the batch, or ``"none"``.

    Shapes: logits ``(N, C)``; targets ``(N,)`` class numbers, or ``(N, C)`` probabilities.

    >>> import nn, numpy as np
    >>> round(float(nn.CrossEntropyLoss()(np.zeros((1, 10)), np.array([3]))), 4)  # log 10
    2.3026
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, z: Array, target: Array) -> Array:
        """``mg.cross_entropy``."""
        return mg.cross_entropy(z, target, self.reduction)
