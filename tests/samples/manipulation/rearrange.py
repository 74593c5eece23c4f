"""Samples of flipping, rotating and rolling."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, sample

for _shape, _axis in [
    ((), None),
    ((3,), None),
    ((2, 3), None),
    ((2, 3), 1),
    ((2, 3), -2),
    ((2, 1, 2), (0, -1)),
    ((0,), 0),
]:
    sample("flip", lambda x, axis=_axis: np.flip(x, axis), anywhere(*_shape))
sample("fliplr", np.fliplr, anywhere(2, 3))
sample("flipud", np.flipud, anywhere(3, 2))
sample("flipud", np.flipud, anywhere(3))
for _k in (-1, 0, 1, 2, 3):
    sample("rot90", lambda x, k=_k: np.rot90(x, k) * 1.0, anywhere(2, 3))
sample("rot90", lambda x: np.rot90(x, 1, (2, 1)), anywhere(2, 1, 3))
for _shape, _shift, _axis in [
    ((), 1, None),
    ((3,), 1, None),
    ((3,), -4, 0),
    ((2, 3), 2, None),
    ((2, 3), 1, 1),
    ((2, 3), (1, -1), (0, 1)),
    ((2, 3), 1, (0, 1)),
    ((3,), (1, 1), 0),
    ((0, 2), 1, 0),
]:
    sample("roll", lambda x, shift=_shift, axis=_axis: np.roll(x, shift, axis), anywhere(*_shape))
