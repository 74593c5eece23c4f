"""How long a vector is."""

from __future__ import annotations

from typing import Any

import numpy as np


def norm(x: Any, ord: float, axis: Any, keepdims: bool) -> Any:
    """(Σ |x|ᵖ)^(1/p) over any axes; the largest |x| for ∞, the smallest for −∞, how many are not 0 for 0."""
    if x.dtype.kind in "iub":
        x = x.astype(float)
    if ord == 2:
        return np.sqrt((x * x).sum(axis=axis, keepdims=keepdims))
    size = abs(x)
    if ord == np.inf:
        return size.max(axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return size.min(axis=axis, keepdims=keepdims)
    if ord == 0:
        return (x != 0).astype(x.dtype).sum(axis=axis, keepdims=keepdims)
    if ord == 1:
        return size.sum(axis=axis, keepdims=keepdims)
    return (size**ord).sum(axis=axis, keepdims=keepdims) ** (1 / ord)
