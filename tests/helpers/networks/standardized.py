"""Standardization as the lecture writes it, for values to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np


def standardized(x: Any, weight: Any = 1.0, bias: Any = 0.0, *, axis: tuple[int, ...], eps: float) -> Any:
    """γ (x − μ)/√(σ² + ε) + β, with the mean and the variance over these axes."""
    centered = x - np.mean(x, axis=axis, keepdims=True)
    return weight * centered / np.sqrt(np.mean(centered**2, axis=axis, keepdims=True) + eps) + bias
