"""Samples of Cholesky decompositions."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import SQUARE_SHAPES, positive_definite
from tests.samples.registry import PRIMITIVES, anywhere, sample

for _shape in SQUARE_SHAPES:
    for _upper in (False, True):
        sample(
            "cholesky",
            lambda a, upper=_upper: mg.cholesky(positive_definite(a), upper=upper),
            anywhere(*_shape),
            reference=lambda a, upper=_upper: np.linalg.cholesky(positive_definite(a), upper=upper),
        )
    sample(
        "lower_half",
        PRIMITIVES["lower_half"],
        anywhere(*_shape),
        reference=lambda a: np.tril(a) * (1 - np.eye(a.shape[-1]) / 2),
    )
