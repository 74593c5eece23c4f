"""Samples of differences, and of areas under curves."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shape, _n, _axis in [((4,), 1, -1), ((4,), 2, 0), ((2, 3), 1, 0), ((2, 3), 0, 1), ((2,), 3, 0)]:
    sample("diff", lambda x, n=_n, axis=_axis: mg.diff(x, n, axis), anywhere(*_shape),
           reference=lambda x, n=_n, axis=_axis: np.diff(x, n, axis))  # fmt: skip
for _y, _x, _axis in [((4,), (4,), -1), ((3, 2), (3,), 0), ((2, 3), (3,), 1), ((2, 3), (2, 3), 1)]:
    sample("trapezoid", lambda y, x, axis=_axis: mg.trapezoid(y, x, axis=axis), anywhere(*_y), anywhere(*_x),
           reference=lambda y, x, axis=_axis: np.trapezoid(y, x, axis=axis))  # fmt: skip
sample("trapezoid", lambda y: mg.trapezoid(y, dx=0.5), anywhere(2, 3), reference=lambda y: np.trapezoid(y, dx=0.5))
