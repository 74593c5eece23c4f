"""Samples of sorting and partitioning."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    on_device_of,
    sample,
)

for _shape, _axis in [((), None), ((4,), -1), ((2, 3), 0), ((2, 3), None), ((2, 2, 2), -2)]:
    sample("sort", lambda x, axis=_axis: mg.sort(x, axis), anywhere(*_shape),
           reference=lambda x, axis=_axis: np.sort(x, axis))  # fmt: skip
for _shape, _kth, _axis in [((3,), 1, -1), ((3, 2), -2, 0), ((2, 2), (1, 2), None)]:
    sample("partition", lambda x, kth=_kth, axis=_axis: mg.partition(x, kth, axis), anywhere(*_shape),
           reference=lambda x, kth=_kth, axis=_axis: np.partition(x, kth, axis))  # fmt: skip
_order = np.array([[2, 0, 1], [0, 2, 1]])
sample("reorder", lambda x: PRIMITIVES["reorder"](x, order=on_device_of(x, _order), axis=1), anywhere(2, 3),
       reference=lambda x: np.stack([x[0][_order[0]], x[1][_order[1]]]))  # fmt: skip
sample("reorder", lambda x: PRIMITIVES["reorder"](x, order=on_device_of(x, _order.T), axis=0), anywhere(3, 2),
       reference=lambda x: np.stack([x.T[0][_order[0]], x.T[1][_order[1]]], axis=1))  # fmt: skip
for _shape in [(3,), (2, 3)]:
    sample("sort_complex", lambda x: mg.real(mg.sort_complex(x)), anywhere(*_shape),
           reference=lambda x: np.real(np.sort_complex(x)))  # fmt: skip
