"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import (
    PRIMITIVES,
    anywhere,
    beside,
    sample,
)

SHAPES: list[tuple[int, ...]] = [(1, 1), (2, 2), (3, 3), (2, 2, 2)]
ANY_SHAPES: list[tuple[int, ...]] = [(1, 1), (2, 2), (3, 2), (2, 3), (3, 1), (2, 2, 3), (3, 3)]


def regular(*shape: int) -> Any:
    """Matrices far from singular ones."""
    return anywhere(*shape) + 3 * np.eye(shape[-2], shape[-1])


def symmetric(a: Any) -> Any:
    return (a + np.swapaxes(a, -1, -2)) / 2


def definite(a: Any) -> Any:
    return a @ np.swapaxes(a, -1, -2) + beside(np.eye(a.shape[-1], dtype=a.dtype), a)


def spread(*shape: int) -> Any:
    """Matrices whose eigenvalues and singular values lie apart."""
    return 0.5 * anywhere(*shape) + np.eye(shape[-2], shape[-1]) * np.arange(1.0, 2 * shape[-1], 2)


def leading(a: Any) -> Any:
    """The eigenvectors of AAᵀ with the largest eigenvalues, the left singular vectors of A."""
    return np.linalg.eigh(a @ np.swapaxes(a, -1, -2)).eigenvectors[..., ::-1][..., : min(a.shape[-2:])]


def multiplied(u: Any, s: Any, vt: Any) -> Any:
    """The matrix again, from its singular value decomposition."""
    return (u * s[..., None, :]) @ vt


def signed_columns(v: Any) -> Any:
    return v * np.sign(np.sum(v**3, axis=-2, keepdims=True))


def signed_rows(v: Any) -> Any:
    return v * np.sign(np.sum(v**3, axis=-1, keepdims=True))


for _shape in SHAPES:
    for _name in ("inv", "det"):
        sample(_name, getattr(mg, _name), regular(*_shape), reference=getattr(np.linalg, _name))
    sample(
        "cofactor",
        PRIMITIVES["cofactor"],
        regular(*_shape),
        reference=lambda a: np.linalg.det(a)[..., None, None] * np.swapaxes(np.linalg.inv(a), -1, -2),
    )
    for _name in ("slogdet", "logabsdet"):
        sample(
            _name,
            lambda a: mg.slogdet(a).logabsdet,
            regular(*_shape),
            reference=lambda a: np.linalg.slogdet(a).logabsdet,
        )
    for _upper in (False, True):
        sample(
            "cholesky",
            lambda a, upper=_upper: mg.cholesky(definite(a), upper=upper),
            anywhere(*_shape),
            reference=lambda a, upper=_upper: np.linalg.cholesky(definite(a), upper=upper),
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
                spread(*_shape),
                reference=lambda a: np.linalg.eigvalsh(symmetric(a)),
            )
        for _name in ("eigh", "eigenvectors"):
            sample(
                _name,
                lambda a, uplo=_uplo: signed_columns(mg.eigh(symmetric(a), uplo).eigenvectors),
                spread(*_shape),
                reference=lambda a: signed_columns(np.linalg.eigh(symmetric(a)).eigenvectors),
            )
for _a, _b in [
    ((2, 2), (2,)),
    ((3, 3), (3, 2)),
    ((2, 2, 2), (2,)),
    ((2, 2, 2), (2, 3)),
    ((2, 2, 2), (2, 2, 1)),
    ((2, 2), (2, 2, 1)),
    ((2, 1, 2, 2), (2, 2, 1)),
]:
    sample("solve", mg.solve, regular(*_a), anywhere(*_b), reference=np.linalg.solve)
for _shape in ANY_SHAPES:
    sample("pinv", mg.pinv, regular(*_shape), reference=np.linalg.pinv)
    for _name, _f, _reference in [
        ("svdvals", mg.svdvals, np.linalg.svdvals),
        ("svd", lambda a: mg.svd(a, compute_uv=False), np.linalg.svdvals),
        (
            "svd",
            lambda a: multiplied(*mg.svd(a, full_matrices=False)),
            lambda a: multiplied(*np.linalg.svd(a, full_matrices=False)),
        ),
        ("singular_values", lambda a: np.linalg.svd(a, full_matrices=False).S, np.linalg.svdvals),
        (
            "left_singular_vectors",
            lambda a: signed_columns(np.linalg.svd(a, full_matrices=False)[0]),
            lambda a: signed_columns(leading(a)),
        ),
        (
            "right_singular_vectors",
            lambda a: signed_rows(np.linalg.svd(a, full_matrices=False)[2]),
            lambda a: signed_rows(np.swapaxes(leading(np.swapaxes(a, -1, -2)), -1, -2)),
        ),
    ]:
        sample(_name, _f, spread(*_shape), reference=_reference)
    for _name, _i in [("qr", 0), ("qr_q", 0), ("qr_r", 1)]:
        sample(_name, lambda a, i=_i: np.linalg.qr(a)[i], regular(*_shape))
    sample("qr", lambda a: mg.qr(a, "r"), regular(*_shape), reference=lambda a: np.linalg.qr(a, "r"))
