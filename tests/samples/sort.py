"""Samples of putting in order and choosing by rank."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import PRIMITIVES, anywhere, beside, sample

for _shape, _axis in [((), None), ((4,), -1), ((2, 3), 0), ((2, 3), None), ((2, 2, 2), -2)]:
    sample("sort", lambda x, axis=_axis: mg.sort(x, axis), anywhere(*_shape),
           reference=lambda x, axis=_axis: np.sort(x, axis))  # fmt: skip
for _shape, _kth, _axis in [((3,), 1, -1), ((3, 2), -2, 0), ((2, 2), (1, 2), None)]:
    sample("partition", lambda x, kth=_kth, axis=_axis: mg.partition(x, kth, axis), anywhere(*_shape),
           reference=lambda x, kth=_kth, axis=_axis: np.partition(x, kth, axis))  # fmt: skip
_order = np.array([[2, 0, 1], [0, 2, 1]])
sample("reorder", lambda x: PRIMITIVES["reorder"](x, order=beside(_order, x), axis=1), anywhere(2, 3),
       reference=lambda x: np.stack([x[0][_order[0]], x[1][_order[1]]]))  # fmt: skip
sample("reorder", lambda x: PRIMITIVES["reorder"](x, order=beside(_order.T, x), axis=0), anywhere(3, 2),
       reference=lambda x: np.stack([x.T[0][_order[0]], x.T[1][_order[1]]], axis=1))  # fmt: skip

for _shape, _axis, _keep in [
    ((), None, False),
    ((3,), None, True),
    ((4,), 0, False),
    ((2, 3), None, False),
    ((2, 3), 0, True),
    ((2, 3), -1, False),
    ((2, 1, 3), (2, 0), True),
]:
    _how = {"axis": _axis, "keepdims": _keep}
    sample("median", lambda x, how=_how: mg.median(x, **how), anywhere(*_shape),
           reference=lambda x, how=_how: np.median(x, **how))  # fmt: skip
    for _q in (0.3, [0.0, 0.45, 1.0]):
        sample("quantile", lambda x, q=_q, how=_how: mg.quantile(x, q, **how), anywhere(*_shape),
               reference=lambda x, q=_q, how=_how: np.quantile(x, q, **how))  # fmt: skip
for _q in (100, [[10, 20], [70, 50]]):
    sample("percentile", lambda x, q=_q: mg.percentile(x, q, axis=0), anywhere(3, 2),
           reference=lambda x, q=_q: np.percentile(x, q, axis=0))  # fmt: skip
