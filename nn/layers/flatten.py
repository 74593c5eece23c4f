"""Flatten: from feature maps to vectors."""

from __future__ import annotations

from math import prod
from typing import Any

from nn.module import Module

__all__ = ["Flatten"]


class Flatten(Module):
    """Each sample as one vector: ``(N, C, H, W)`` becomes ``(N, C·H·W)``.

    >>> import nn, numpy as np
    >>> nn.Flatten()(np.ones((8, 16, 5, 5))).shape
    (8, 400)
    """

    def forward(self, x: Any) -> Any:
        """`x` with all axes but the first in one."""
        return x.reshape(x.shape[0], prod(x.shape[1:]))
