"""Samples of the largest and the smallest element: the references compute one by the other."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import reduction

reduction("max", lambda x, axis, keepdims: -np.min(-x, axis=axis, keepdims=keepdims))
reduction("min", lambda x, axis, keepdims: -np.max(-x, axis=axis, keepdims=keepdims))
reduction(
    "ptp", lambda x, axis, keepdims: np.max(x, axis=axis, keepdims=keepdims) + np.max(-x, axis=axis, keepdims=keepdims)
)
