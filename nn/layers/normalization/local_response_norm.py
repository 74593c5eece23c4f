"""Local response normalization: strong responses damp those of neighbouring channels."""

from __future__ import annotations

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number
from nn.layers.normalization.base import shown
from nn.module import Module
from nn.typing import Array

__all__ = ["LocalResponseNorm"]


class LocalResponseNorm(Module):
    """Local response normalization y = x / (k + α/n Σ x²)ᵝ, summed over n channels around each, as in AlexNet.

    AlexNet's paper does not divide by n: its α = 1e-4, n = 5, k = 2 are ``LocalResponseNorm(5, alpha=5e-4, k=2)``.

    Arguments:
        size: the number n of channels in a window, ⌊n/2⌋ of them before its own.
        alpha, beta, k: α, β and k.

    Shapes: input ``(N, C, *size)`` with at least one axis of positions, output likewise.

    Raises:
        ValueError: if a setting is impossible; in a call, if the input has fewer axes.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
    section 3.3.

    >>> import nn, numpy as np
    >>> nn.LocalResponseNorm(5)(np.ones((8, 6, 5, 5), np.float32)).shape
    (8, 6, 5, 5)
    """

    size = Setting(lambda what, value: whole_number(what, value, least=1))
    alpha, beta, k = Setting(finite_number), Setting(finite_number), Setting(finite_number)

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Array) -> Array:
        """``mg.local_response_norm`` of `x`."""
        return mg.local_response_norm(x, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        return shown(self, f"{self.size}")
