"""Samples of squared errors."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, sample

for _shape in [(), (3,), (2, 3)]:
    sample(
        "mse_loss",
        mg.mse_loss,
        anywhere(*_shape),
        positive(*_shape),
        reference=lambda y, t: np.sum((y - t) ** 2) / max(1, np.size(y)),
    )
    sample(
        "sum_squared_error",
        mg.sum_squared_error,
        anywhere(*_shape),
        positive(*_shape),
        reference=lambda y, t: np.sum((y - t) ** 2) / 2,
    )
