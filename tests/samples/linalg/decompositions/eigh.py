"""Samples of eigenvalues and eigenvectors of symmetric matrices."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.matrices import SQUARE_SHAPES, apart, signed_columns, symmetric
from tests.samples.registry import sample

for _shape in SQUARE_SHAPES:
    for _uplo in "LU":
        for _name in ("eigvalsh", "eigenvalues"):
            sample(
                _name,
                lambda a, uplo=_uplo: mg.eigvalsh(symmetric(a), uplo),
                apart(*_shape),
                reference=lambda a: np.linalg.eigvalsh(symmetric(a)),
            )
        for _name in ("eigh", "eigenvectors"):
            sample(
                _name,
                lambda a, uplo=_uplo: signed_columns(mg.eigh(symmetric(a), uplo).eigenvectors),
                apart(*_shape),
                reference=lambda a: signed_columns(np.linalg.eigh(symmetric(a)).eigenvectors),
            )
