"""Samples of singular values and singular vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.matrices import ANY_SHAPES, apart, signed_columns, signed_rows
from tests.samples.registry import sample


def _product(u: Any, s: Any, vt: Any) -> Any:
    """The matrix again, from its singular value decomposition."""
    return (u * s[..., None, :]) @ vt


def _left_vectors(a: Any) -> Any:
    """The left singular vectors of A are the eigenvectors of AAᴴ with the largest eigenvalues."""
    return np.linalg.eigh(a @ np.conj(np.swapaxes(a, -1, -2))).eigenvectors[..., ::-1][..., : min(a.shape[-2:])]


def _right_vectors(a: Any) -> Any:
    return np.conj(np.swapaxes(_left_vectors(np.conj(np.swapaxes(a, -1, -2))), -1, -2))


def _additional(u: Any, n: int) -> Any:
    """The projection onto the space of the additional columns, which does not depend on their basis."""
    return u[..., n:] @ np.conj(np.swapaxes(u[..., n:], -1, -2))


for _shape in ANY_SHAPES:
    for _name, _f, _reference in [
        ("svdvals", mg.svdvals, np.linalg.svdvals),
        ("svd", lambda a: mg.svd(a, compute_uv=False), np.linalg.svdvals),
        (
            "svd",
            lambda a: _product(*mg.svd(a, full_matrices=False)),
            lambda a: _product(*np.linalg.svd(a, full_matrices=False)),
        ),
        ("singular_values", lambda a: np.linalg.svd(a, full_matrices=False).S, np.linalg.svdvals),
        (
            "left_singular_vectors",
            lambda a: signed_columns(np.linalg.svd(a, full_matrices=False).U),
            lambda a: signed_columns(_left_vectors(a)),
        ),
        (
            "right_singular_vectors",
            lambda a: signed_rows(np.linalg.svd(a, full_matrices=False).Vh),
            lambda a: signed_rows(_right_vectors(a)),
        ),
    ]:
        sample(_name, _f, apart(*_shape), reference=_reference)
for _shape in [(3, 2), (2, 3), (3, 1), (1, 3), (2, 2, 3), (2, 3, 2)]:
    _n = min(_shape[-2:])
    for _name, _f in [
        ("all_singular_values", lambda a: np.linalg.svd(a).S),
        ("all_left_singular_vectors", lambda a, n=_n: signed_columns(np.linalg.svd(a).U[..., :n])),
        ("all_right_singular_vectors", lambda a, n=_n: signed_rows(np.linalg.svd(a).Vh[..., :n, :])),
    ]:
        sample(_name, _f, apart(*_shape))
    if _shape[-2] > _n:
        for _name in ("svd", "all_left_singular_vectors"):
            sample(_name, lambda a, n=_n: _additional(np.linalg.svd(a).U, n), apart(*_shape))
    else:
        for _name in ("svd", "all_right_singular_vectors"):
            sample(_name, lambda a, n=_n: _additional(np.linalg.svd(a).Vh.mT, n), apart(*_shape))
