"""The Huber function: a parabola near 0, and straight lines farther out."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.typing import Array

__all__ = ["huber"]


def huber(x: Array, delta: float) -> Array:
    """x² / 2 where |x| ≤ δ, δ (|x| − δ / 2) elsewhere."""
    require_real(x)
    near = np.minimum(abs(x), delta)  # x² would overflow where it is not used
    return near * (abs(x) - near / 2)
