"""Samples of covariances and correlations."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, positive, sample

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
