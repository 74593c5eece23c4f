"""Identity: a layer that does nothing, in the place of one that does."""

from __future__ import annotations

from nn.module import Module
from nn.typing import Array

__all__ = ["Identity"]


class Identity(Module):
    """x itself: where a model expects a layer, and there is none.

    >>> import nn, numpy as np
    >>> nn.Identity()(np.array([1.0, 2.0]))
    array([1., 2.])
    """

    def forward(self, x: Array) -> Array:
        """`x`."""
        return x
