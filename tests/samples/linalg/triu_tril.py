"""Samples of triangles of matrices."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, sample

for _shape, _k in [((2, 3), 0), ((3, 2), 1), ((3, 3), -1), ((2, 2, 2), 0), ((3,), 0), ((1, 1), 2)]:
    sample("triu", lambda x, k=_k: np.triu(x, k), anywhere(*_shape))
    sample("tril", lambda x, k=_k: np.tril(x, k), anywhere(*_shape))
