"""Samples of matrix products."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample

for _a, _b, _sums in [
    ((3,), (3,), "j,j->"),
    ((2, 3), (3,), "ij,j->i"),
    ((3,), (3, 2), "j,jk->k"),
    ((2, 3), (3, 2), "ij,jk->ik"),
    ((1, 3), (3, 1), "ij,jk->ik"),
    ((2, 2, 3), (3,), "nij,j->ni"),
    ((3,), (2, 3, 2), "j,njk->nk"),
    ((2, 2, 3), (3, 2), "nij,jk->nik"),
    ((2, 3), (2, 3, 2), "ij,njk->nik"),
    ((2, 2, 3), (2, 3, 2), "nij,njk->nik"),
    ((1, 2, 3), (2, 3, 1), "...ij,...jk->...ik"),  # batches broadcast
    ((2, 1, 1, 2), (2, 2, 1), "...ij,...jk->...ik"),
]:
    sample("matmul", mg.matmul, anywhere(*_a), anywhere(*_b), reference=lambda x, y, s=_sums: np.einsum(s, x, y))
for _shape in [(3,), (2, 3), (2, 2, 3), (0, 3)]:
    _x, _W, _b = anywhere(*_shape), anywhere(2, 3), anywhere(2)
    sample("linear", mg.linear, _x, _W, reference=lambda x, W: np.einsum("...i,oi->...o", x, W))
    sample("linear", mg.linear, _x, _W, _b, reference=lambda x, W, b: np.einsum("...i,oi->...o", x, W) + b)
