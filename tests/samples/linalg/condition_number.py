"""Samples of condition numbers."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import ANY_SHAPES, SQUARE_SHAPES, apart
from tests.samples.registry import sample

for _shape in ANY_SHAPES:
    for _p in (None, 2, -2):
        sample("cond", lambda a, p=_p: mg.cond(a, p), apart(*_shape), reference=lambda a, p=_p: np.linalg.cond(a, p))
for _shape in SQUARE_SHAPES:
    for _p in ("fro", "nuc", 1, -1, np.inf, -np.inf):
        sample("cond", lambda a, p=_p: mg.cond(a, p), apart(*_shape), reference=lambda a, p=_p: np.linalg.cond(a, p))
