"""Samples of trigonometric functions, their inverses, and polar coordinates."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, between, binary, positive, sample, unary, unit

unary("sin", anywhere)
unary("cos", anywhere)
unary("tan", between(-1.2, 1.2))
unary("arcsin", unit)
unary("arccos", unit)
unary("arctan", anywhere)
unary("deg2rad", anywhere)
unary("rad2deg", anywhere)
binary("arctan2", anywhere, positive)
binary("hypot", anywhere, positive)
sample("arctan2", np.arctan2, np.array([1.0, -1.0, -2.0, 0.5]), np.array([-2.0, -1.0, 0.5, -1.0]))
sample("hypot", np.hypot, np.array([3.0, -1.0]), np.array([0.0, -2.0]))
for _shape, _params in [
    ((), {}),
    ((4,), {}),
    ((3, 2), {"axis": 0, "period": 1.5}),
    ((2, 3), {"discont": 1.1, "period": 2}),
]:
    sample(
        "unwrap",
        lambda x, params=_params: np.unwrap(5 * x, **params),
        anywhere(*_shape) if _shape else anywhere(1),
    )
