"""Samples of rearranging elements."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _shape, _to in [((6,), (2, 3)), ((2, 3), (3, -1)), ((2, 3), -1), ((), (1, 1)), ((1,), ()), ((2, 3), (2, 3))]:
    sample("reshape", lambda x, to=_to: x.reshape(to), anywhere(*_shape))
for _shape, _order in [((), ()), ((3,), ()), ((2, 3), ()), ((2, 3), (0, 1)), ((2, 1, 3), (2, 0, 1)), ((2, 3), (-1, 0))]:
    sample("transpose", lambda x, order=_order: x.transpose(*order), anywhere(*_shape))
for _shape, _to in [((), (2,)), ((3,), (3,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 3, 1), (2, 2, 3, 2)), ((), ())]:
    sample(
        "broadcast_to",
        lambda x, to=_to: mg.broadcast_to(x, to),
        anywhere(*_shape),
        reference=lambda x, to=_to: x + np.zeros(to),
    )

for _shape, _axis in [((), 0), ((3,), -1), ((2, 3), (0, 2))]:
    sample("expand_dims", lambda x, axis=_axis: np.expand_dims(x, axis), anywhere(*_shape))
sample("swapaxes", lambda x: np.swapaxes(x, 0, -1), anywhere(2, 1, 3))
