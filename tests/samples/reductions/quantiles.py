"""Samples of medians, quantiles, and percentiles."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from minigrad.kernels.reductions.quantiles import METHODS
from tests.samples.registry import anywhere, on_device_of, sample

for _shape, _axis, _keep in [
    ((), None, False),
    ((3,), None, True),
    ((4,), 0, False),
    ((2, 3), None, False),
    ((2, 3), 0, True),
    ((2, 3), -1, False),
    ((2, 1, 3), (2, 0), True),
]:
    _params = {"axis": _axis, "keepdims": _keep}
    sample("median", lambda x, params=_params: mg.median(x, **params), anywhere(*_shape),
           reference=lambda x, params=_params: np.median(x, **params))  # fmt: skip
    for _q in (0.3, [0.0, 0.45, 1.0]):
        sample("quantile", lambda x, q=_q, params=_params: mg.quantile(x, q, **params), anywhere(*_shape),
               reference=lambda x, q=_q, params=_params: np.quantile(x, q, **params))  # fmt: skip
for _q in (100, [[10, 20], [70, 50]]):
    sample("percentile", lambda x, q=_q: mg.percentile(x, q, axis=0), anywhere(3, 2),
           reference=lambda x, q=_q: np.percentile(x, q, axis=0))  # fmt: skip
for _method in METHODS:
    for _q in (0.4, [0.0, 0.35, 1.0]):
        sample("quantile", lambda x, q=_q, method=_method: mg.quantile(x, q, 0, method=method), anywhere(5, 2),
               reference=lambda x, q=_q, method=_method: np.quantile(x, q, 0, method=method))  # fmt: skip
_weights = np.array([1.0, 3.0, 0.0, 2.0])
for _q in (0.5, [0.0, 0.2, 1.0]):
    _how = {"axis": 1, "method": "inverted_cdf"}
    sample("quantile", lambda x, q=_q, how=_how: mg.quantile(x, q, weights=on_device_of(x, _weights), **how),
           anywhere(2, 4), reference=lambda x, q=_q, how=_how: np.quantile(x, q, weights=_weights, **how))  # fmt: skip
