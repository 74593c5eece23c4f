"""Samples of maximum and minimum of two arguments, and of limits."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import between, binary, sample

binary("maximum", between(-2, 2), between(-1.7, 2.1))
binary("minimum", between(-2, 2), between(-1.7, 2.1))
binary("fmax", between(-2, 2), between(-1.7, 2.1))
binary("fmin", between(-2, 2), between(-1.7, 2.1))
binary("at_least", between(-2, 2), between(-1.7, 2.1), np.maximum)
binary("at_most", between(-2, 2), between(-1.7, 2.1), np.minimum)
sample("clip", lambda x: np.clip(x, -1, 1.2), np.array([-2.5, -0.5, 0.7, 1.9]))
sample("clip", lambda x, low: np.clip(x, low, None), between(-3, 3)(2, 3), between(-2.9, 2.8)(3))
sample("clip", lambda x, high: x.clip(max=high), between(-3, 3)(3), between(-2.9, 2.8)(2, 1))
sample(
    "clip",
    lambda x, low, high: np.clip(x, low, high),  # the last row has its limits in the wrong order
    np.array([[-2.0, 0.0, 2.0], [-2.0, 0.0, 2.0]]),
    np.array([[-1.0], [1.5]]),
    np.array([[1.0], [0.5]]),
)
