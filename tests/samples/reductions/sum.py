"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

_AXES = [((), None), ((3,), None), ((3,), 0), ((2, 3), None), ((2, 3), 1), ((2, 3), -2), ((2, 1, 3), (0, 2))]
_AXES += [((2, 3), (-1,)), ((2, 2, 2), (1, -1)), ((2, 3), (0, 1))]


def _log_sum_exp(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


for _name, _reference in {
    "sum": np.sum,
    "mean": lambda x, axis, keepdims: np.sum(x, axis=axis, keepdims=keepdims) / (np.size(x) / np.size(x.sum(axis))),
    "max": lambda x, axis, keepdims: -np.min(-x, axis=axis, keepdims=keepdims),
    "min": lambda x, axis, keepdims: -np.max(-x, axis=axis, keepdims=keepdims),
    "logsumexp": _log_sum_exp,
    "ptp": lambda x, axis, keepdims: np.max(x, axis=axis, keepdims=keepdims) + np.max(-x, axis=axis, keepdims=keepdims),
}.items():
    _function = getattr(mg, _name)
    for _shape, _axis in _AXES:
        for _keep in (False, True):
            _how = {"axis": _axis, "keepdims": _keep}
            sample(
                _name,
                lambda x, f=_function, how=_how: f(x, **how),
                anywhere(*_shape),
                reference=lambda x, f=_reference, how=_how: f(x, **how),
            )
