"""Samples of inverses, linear systems and pseudo-inverses."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import ANY_SHAPES, SQUARE_SHAPES, regular
from tests.samples.registry import anywhere, sample

for _shape in SQUARE_SHAPES:
    sample("inv", mg.inv, regular(*_shape), reference=np.linalg.inv)
for _a, _b in [
    ((2, 2), (2,)),
    ((3, 3), (3, 2)),
    ((2, 2, 2), (2,)),
    ((2, 2, 2), (2, 3)),
    ((2, 2, 2), (2, 2, 1)),
    ((2, 2), (2, 2, 1)),
    ((2, 1, 2, 2), (2, 2, 1)),
]:
    sample("solve", mg.solve, regular(*_a), anywhere(*_b), reference=np.linalg.solve)
for _shape in ANY_SHAPES:
    sample("pinv", mg.pinv, regular(*_shape), reference=np.linalg.pinv)
