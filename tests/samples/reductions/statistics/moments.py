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
