"""Activation functions as layers."""

from __future__ import annotations

import minigrad as mg
from nn.module import Module
from nn.typing import Array

__all__ = ["ReLU", "Sigmoid", "Tanh"]


class ReLU(Module):
    """max(0, x), element by element.

    >>> import nn, numpy as np
    >>> nn.ReLU()(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def forward(self, x: Array) -> Array:
        """``mg.relu``."""
        return mg.relu(x)


class Sigmoid(Module):
    """σ(x) = 1 / (1 + e^−x), element by element."""

    def forward(self, x: Array) -> Array:
        """``mg.sigmoid``."""
        return mg.sigmoid(x)


class Tanh(Module):
    """tanh(x) = 2 σ(2x) − 1, element by element."""

    def forward(self, x: Array) -> Array:
        """``mg.tanh``."""
        return mg.tanh(x)
