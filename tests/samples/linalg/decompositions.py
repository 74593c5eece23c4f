"""Samples of inverses, determinants and decompositions.

A symmetric matrix is made of any matrix by the function that is sampled, for its two triangles change alike.
The signs of eigenvectors and singular vectors are arbitrary, so that of their largest elements is made positive.
"""

from __future__ import annotations

import numpy as np

from tests.samples.linalg.solve import regular
from tests.samples.registry import (
    PRIMITIVES,
    positive,
    sample,
)

for _shape in [(1,), (3,), (2, 3)]:
    sample(
        "reciprocal_gaps",
        PRIMITIVES["reciprocal_gaps"],
        positive(*_shape),
        reference=lambda x: np.where(
            np.eye(x.shape[-1]) == 1, 0, 1 / (x[..., None, :] - x[..., None] + np.eye(x.shape[-1]))
        ),
    )
for _name, _i in [("qr_q", 0), ("qr_r", 1)]:
    sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(3, 1, 2, 4))
