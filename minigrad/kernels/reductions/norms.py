"""The p-norm of vectors."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.overflow_safe_scaling import in_range
from minigrad.typing import Array, Axis

__all__ = ["norm"]


def norm(x: Array, ord: float, axis: Axis, keepdims: bool) -> Array:
    """(Σ |x|ᵖ)^(1/p) over any axes; for p = ∞ the largest |x|, for −∞ the smallest, for 0 the number of nonzeros."""
    if x.dtype.kind != "f":
        # not abs(x), which rounds single numbers otherwise: the rule looks for the element that is the largest
        x = np.absolute(x) if x.dtype.kind == "c" else x.astype(float)
    if ord == 2:
        return in_range(lambda x, keepdims: np.sqrt((x * x).sum(axis=axis, keepdims=keepdims)), x, axis, keepdims)
    magnitude = abs(x)
    if ord == np.inf:
        return magnitude.max(axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return magnitude.min(axis=axis, keepdims=keepdims)
    if ord == 0:
        return (x != 0).astype(x.dtype).sum(axis=axis, keepdims=keepdims)
    if ord == 1:
        return magnitude.sum(axis=axis, keepdims=keepdims)

    def root_of_powers(x: Array, keepdims: bool) -> Array:
        return (x**ord).sum(axis=axis, keepdims=keepdims) ** (1 / ord)

    return in_range(root_of_powers, magnitude, axis, keepdims, power=ord)
