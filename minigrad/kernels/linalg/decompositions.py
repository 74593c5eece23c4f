"""Inverses and decompositions of stacks of matrices: LAPACK's, with messages that say what to try."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.linalg.lapack import LinAlgError, call_lapack, check_matrices, check_square


def cholesky(a: Any) -> Any:
    check_square("cholesky", a)
    return call_lapack("cholesky", "all eigenvalues must be positive: add a small multiple of the identity", a)


def eigh(a: Any) -> tuple[Any, Any]:
    check_square("eigh", a)
    eigenvalues, eigenvectors = call_lapack("eigh", "is there a NaN or an infinity in it?", a)
    return eigenvalues, eigenvectors


def svd(a: Any) -> tuple[Any, Any, Any]:
    """U, s and Vᵀ, of as many columns and rows as there are singular values."""
    check_matrices("svd", a)
    try:
        u, s, vt = np.linalg.svd(a, full_matrices=False)
    except LinAlgError as error:
        raise LinAlgError(f"svd: {error} (shape {a.shape}); is there a NaN or an infinity in it?") from None
    return u, s, vt


def qr(a: Any) -> tuple[Any, Any]:
    check_matrices("qr", a)
    q, r = np.linalg.qr(a)
    return q, r


def lower_half(a: Any) -> Any:
    """Φ(A): the lower triangle with half of the diagonal, so that Φ(A) + Φ(A)ᵀ is A if A is symmetric."""
    return (np.tril(a) + np.tril(a, -1)) / 2


def reciprocal_gaps(x: Any) -> Any:
    """Fᵢⱼ = 1 / (xⱼ − xᵢ), and 0 on the diagonal; ±∞ where two are equal."""
    gaps = x[..., None, :] - x[..., :, None]
    with np.errstate(divide="ignore"):
        return np.where(np.tril(np.triu(np.ones_like(gaps))) == 1, 0, 1 / gaps)
