"""The terms of the Kullback-Leibler divergence."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.typing import Array

__all__ = ["kl_div"]


def kl_div(y: Array, t: Array) -> Array:
    """t (log t − y), which is 0 for t = 0, even where y is −inf."""
    require_real(y)
    require_real(t)
    return t * (np.log(np.where(t == 0, 1, t)) - np.where(t == 0, 0, y))
