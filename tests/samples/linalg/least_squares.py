"""Samples of least-squares solutions: of tall, wide and square matrices, for vectors and several columns."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import regular
from tests.samples.registry import anywhere, sample

for _a, _b in [((3, 2), (3,)), ((3, 2), (3, 2)), ((2, 3), (2,)), ((2, 3), (2, 2)), ((2, 2), (2,)), ((1, 1), (1, 1))]:
    sample(
        "lstsq",
        lambda a, b: mg.lstsq(a, b).x,
        regular(*_a),
        anywhere(*_b),
        reference=lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0],
    )
for _b in [(3,), (3, 2)]:
    sample(
        "lstsq",
        lambda a, b: mg.lstsq(a, b).residuals,
        regular(3, 2),
        anywhere(*_b),
        reference=lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1],
    )
