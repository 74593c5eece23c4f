"""Flatten: from feature maps to vectors."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

import minigrad as mg
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
        shape = np.shape(x)
        if not shape:
            raise ValueError(f"Flatten: got a single {type(x).__name__}, expected samples along the first axis (N, …)")
        return mg.reshape(x, (shape[0], prod(shape[1:])))
