"""Samples of determinants and their logarithms."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import SQUARE_SHAPES, regular
from tests.samples.registry import PRIMITIVES, anywhere, real_view, sample

for _shape in SQUARE_SHAPES:
    sample("det", mg.det, regular(*_shape), reference=np.linalg.det)
    sample(
        "cofactor",
        PRIMITIVES["cofactor"],
        regular(*_shape),
        reference=lambda a: np.linalg.det(a)[..., None, None] * np.swapaxes(np.linalg.inv(a), -1, -2),
    )
    for _name in ("slogdet", "determinant_sign"):
        sample(
            _name,
            lambda a, b: real_view(mg.slogdet(a + 1j * b).sign),
            regular(*_shape),
            anywhere(*_shape),
            reference=lambda a, b: real_view(np.linalg.slogdet(a + 1j * b).sign),
        )
    for _name in ("slogdet", "logabsdet"):
        sample(
            _name,
            lambda a: mg.slogdet(a).logabsdet,
            regular(*_shape),
            reference=lambda a: np.linalg.slogdet(a).logabsdet,
        )
