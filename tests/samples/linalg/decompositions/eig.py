"""Samples of eigenvalues and eigenvectors of matrices that are not symmetric."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.matrices import SQUARE_SHAPES, apart, regular, signed_columns
from tests.samples.registry import PRIMITIVES, real_view, sample


def turning(*shape: int) -> Any:
    """Real matrices with a pair of complex eigenvalues."""
    a = apart(*shape)
    a[..., 0, 1] += 3
    a[..., 1, 0] -= 3
    return a


for _draw, _shapes in [(apart, SQUARE_SHAPES), (turning, [(2, 2), (3, 3), (2, 2, 2)])]:
    for _shape in _shapes:
        for _name in ("eigvals", "general_eigenvalues"):
            sample(
                _name,
                lambda a: real_view(mg.eigvals(a)),
                _draw(*_shape),
                reference=lambda a: real_view(np.linalg.eigvals(a)),
            )
        for _name in ("eig", "general_eigenvectors"):
            sample(
                _name,
                lambda a: real_view(signed_columns(mg.eig(a).eigenvectors)),
                _draw(*_shape),
                reference=lambda a: real_view(signed_columns(np.linalg.eig(a).eigenvectors)),
            )
for _shape in SQUARE_SHAPES:
    sample("left_eigenvectors", PRIMITIVES["left_eigenvectors"], regular(*_shape), reference=np.linalg.inv)
