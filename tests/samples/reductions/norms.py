"""Samples of norms, away from 0."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import positive, sample


def alternating(*shape: int) -> Any:
    """Numbers with alternating signs; no two absolute values tie, nor do their sums."""
    return positive(*shape) ** 2 * (-1.0) ** np.arange(np.prod(shape)).reshape(shape)


for _ord in (2, 1, 0, 3, 2.5, 0.5, -1, -2, np.inf, -np.inf):
    sample("vector_norm", lambda x, p=_ord: mg.vector_norm(x, ord=p), alternating(3),
           reference=lambda x, p=_ord: np.linalg.vector_norm(x, ord=p))  # fmt: skip
    sample("norm", lambda x, p=_ord: mg.norm(x, p, axis=0, keepdims=True), alternating(2, 2),
           reference=lambda x, p=_ord: np.linalg.norm(x, p, axis=0, keepdims=True))  # fmt: skip
sample("vector_norm", mg.vector_norm, alternating(3), reference=np.linalg.vector_norm)
for _shape, _axis in [((2, 3), None), ((2, 3), (1,)), ((2, 2, 2), (2, 0)), ((2, 1, 1, 2), (0, 1, 3))]:
    sample("vector_norm", lambda x, axis=_axis: mg.vector_norm(x, axis, ord=3), alternating(*_shape),
           reference=lambda x, axis=_axis: np.linalg.vector_norm(x, axis=axis, ord=3))  # fmt: skip
for _ord in ("fro", 1, -1, np.inf, -np.inf):
    sample("matrix_norm", lambda x, p=_ord: mg.matrix_norm(x, ord=p), alternating(2, 3),
           reference=lambda x, p=_ord: np.linalg.matrix_norm(x, ord=p))  # fmt: skip
    sample("norm", lambda x, p=_ord: mg.norm(x, p, axis=(2, 0), keepdims=True), alternating(2, 1, 2),
           reference=lambda x, p=_ord: np.linalg.norm(x, p, axis=(2, 0), keepdims=True))  # fmt: skip
for _shape, _axis in [((), None), ((3,), None), ((2, 3), None), ((2, 1, 2), None), ((2, 3), -1), ((2, 3), (0, 1))]:
    sample("norm", lambda x, axis=_axis: mg.norm(x, axis=axis), alternating(*_shape),
           reference=lambda x, axis=_axis: np.linalg.norm(x, axis=axis))  # fmt: skip
