"""Samples of permuting axes."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shape, _order in [((), ()), ((3,), ()), ((2, 3), ()), ((2, 3), (0, 1)), ((2, 1, 3), (2, 0, 1)), ((2, 3), (-1, 0))]:
    sample("transpose", lambda x, order=_order: x.transpose(*order), anywhere(*_shape))
sample(
    "permute_dims", lambda x: mg.permute_dims(x, (2, 0, 1)), anywhere(2, 1, 3), reference=lambda x: x.transpose(2, 0, 1)
)
sample("swapaxes", lambda x: np.swapaxes(x, 0, -1), anywhere(2, 1, 3))
sample("swapaxes", lambda x: np.swapaxes(x, 0, 0), anywhere(2))
for _shape in [(2, 3), (2, 2, 3)]:
    sample("matrix_transpose", lambda x: x.mT, anywhere(*_shape), reference=lambda x: np.swapaxes(x, -1, -2))
sample("matrix_transpose", np.matrix_transpose, anywhere(2, 3))
sample("matrix_transpose", lambda x: mg.matrix_transpose(x), anywhere(2, 1, 3), reference=lambda x: x.swapaxes(1, 2))
for _source, _to in [(0, -1), (-1, 0), ((0, 1), (2, 0)), ((), ())]:
    sample("moveaxis", lambda x, source=_source, to=_to: np.moveaxis(x, source, to), anywhere(2, 1, 3))
for _axis, _start in [(2, 0), (0, 3), (-1, 1), (1, 1), (0, -1)]:
    sample("rollaxis", lambda x, axis=_axis, start=_start: np.rollaxis(x, axis, start), anywhere(2, 1, 3))
