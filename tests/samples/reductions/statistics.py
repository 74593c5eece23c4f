"""Samples of means, variances, standard deviations, and weighted averages."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, reduction, sample


def _mean(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.sum(x, axis=axis, keepdims=keepdims) / (np.size(x) / np.size(np.sum(x, axis=axis)))


reduction("mean", _mean)

for _name in ("var", "std"):
    _function, _reference = getattr(mg, _name), getattr(np, _name)
    for _shape, _params in [
        ((3,), {}),
        ((3,), {"axis": 0, "ddof": 1, "keepdims": True}),
        ((2, 3), {"ddof": 1}),
        ((2, 3), {"axis": -1, "correction": 0.5}),
        ((2, 3), {"axis": (0,), "keepdims": True}),
        ((2, 1, 2), {"axis": (0, 2), "ddof": 2}),
    ]:
        sample(_name, lambda x, f=_function, params=_params: f(x, **params), anywhere(*_shape),
               reference=lambda x, f=_reference, params=_params: f(x, **params))  # fmt: skip
sample("average", lambda x: mg.average(x, axis=1), anywhere(2, 3), reference=lambda x: np.average(x, axis=1))
for _x, _w, _axis, _keep in [
    ((3,), (3,), None, False),
    ((2, 3), (2, 3), 0, True),
    ((2, 3), (3,), -1, False),
    ((2, 3), (2,), 0, False),
    ((2, 1, 3), (3, 2), (2, 0), True),
]:
    sample(
        "average",
        lambda x, w, axis=_axis, keep=_keep: mg.average(x, axis, w, keepdims=keep),
        anywhere(*_x),
        positive(*_w),
        reference=lambda x, w, axis=_axis, keep=_keep: np.average(x, axis, w, keepdims=keep),
    )
for _shape, _params in [
    ((3,), {}),
    ((2, 4), {}),
    ((3, 2), {"rowvar": False, "ddof": 0}),
    ((2, 3), {"bias": True}),
    ((2, 3), {"fweights": [1, 3, 2]}),
]:
    sample("cov", lambda x, params=_params: mg.cov(x, **params), anywhere(*_shape),
           reference=lambda x, params=_params: np.cov(x, **params))  # fmt: skip
sample("cov", lambda x, y: mg.cov(x, y), anywhere(2, 3), anywhere(3), reference=lambda x, y: np.cov(x, y))
sample("cov", lambda x, w: mg.cov(x, aweights=w), anywhere(2, 4), positive(4),
       reference=lambda x, w: np.cov(x, aweights=w))  # fmt: skip
sample("cov", lambda x, w: mg.cov(x, aweights=w, fweights=[2, 1, 1], ddof=2), anywhere(3), positive(3),
       reference=lambda x, w: np.cov(x, aweights=w, fweights=[2, 1, 1], ddof=2))  # fmt: skip
for _shape, _rowvar in [((2, 4), True), ((4, 3), False)]:
    sample("corrcoef", lambda x, rowvar=_rowvar: mg.corrcoef(x, rowvar=rowvar), anywhere(*_shape),
           reference=lambda x, rowvar=_rowvar: np.corrcoef(x, rowvar=rowvar))  # fmt: skip
sample("corrcoef", lambda x, y: mg.corrcoef(x, y), anywhere(3), anywhere(3), reference=lambda x, y: np.corrcoef(x, y))
