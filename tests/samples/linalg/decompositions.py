"""Samples of decompositions."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.matrices import (
    ANY_SHAPES,
    SQUARE_SHAPES,
    apart,
    positive_definite,
    regular,
    signed_columns,
    signed_rows,
    symmetric,
)
from tests.samples.registry import PRIMITIVES, anywhere, on_device_of, positive, sample


def _product(u: Any, s: Any, vt: Any) -> Any:
    """The matrix again, from its singular value decomposition."""
    return (u * s[..., None, :]) @ vt


def _left_vectors(a: Any) -> Any:
    """The left singular vectors of A are the eigenvectors of AAᴴ with the largest eigenvalues."""
    return np.linalg.eigh(a @ np.conj(np.swapaxes(a, -1, -2))).eigenvectors[..., ::-1][..., : min(a.shape[-2:])]


def _right_vectors(a: Any) -> Any:
    return np.conj(np.swapaxes(_left_vectors(np.conj(np.swapaxes(a, -1, -2))), -1, -2))


# ---------------------------------------------------------------- square matrices
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
for _shape in [(1,), (3,), (2, 3)]:
    sample(
        "reciprocal_gaps",
        lambda x: PRIMITIVES["reciprocal_gaps"](x, used=on_device_of(x, np.ones(x.shape, bool))),
        positive(*_shape),
        reference=lambda x: np.where(
            np.eye(x.shape[-1]) == 1, 0, 1 / (x[..., None, :] - x[..., None] + np.eye(x.shape[-1]))
        ),
    )

# ---------------------------------------------------------------- matrices of any shape
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
    for _name, _i in [("qr", 0), ("qr_q", 0), ("qr_r", 1)]:
        sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(*_shape))
    sample("qr", lambda a: mg.qr(a, "r"), regular(*_shape), reference=lambda a: np.linalg.qr(a, "r"))
for _name, _i in [("qr_q", 0), ("qr_r", 1)]:
    sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(3, 1, 2, 4))
