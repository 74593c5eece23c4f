"""Cholesky, eigenvalue, singular value and QR decompositions of stacks of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.complex import is_complex
from minigrad.kernels.linalg.lapack_errors import LinAlgError, call_lapack, require_matrices, require_square
from minigrad.recorder import recordable
from minigrad.typing import Array

_ROUNDING = 100  # in units of the last place of the largest value: of a smaller gap not two digits are right
_NOT_FINITE = "does it hold a NaN or an infinity?"


def cholesky(a: Array) -> Array:
    """The lower triangular L with A = L Lᵀ."""
    require_square("cholesky", a)
    hint = "all eigenvalues must be positive: add a small multiple of the identity"
    return call_lapack(np.linalg.cholesky, a, hint=hint)


def eigh(a: Array, UPLO: str = "L") -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices, of which one triangle is read."""
    require_square("eigh", a)
    eigenvalues, eigenvectors = call_lapack(np.linalg.eigh, a, UPLO=UPLO, hint=_NOT_FINITE)
    return eigenvalues, eigenvectors


def eig(a: Array) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of square matrices; real ones where all eigenvalues are real."""
    require_square("eig", a)
    eigenvalues, eigenvectors = call_lapack(np.linalg.eig, a, hint=_NOT_FINITE)
    return eigenvalues, eigenvectors


@recordable
def are_complex(x: Array) -> Any:
    """Whether numbers have a complex type: eigenvalues of real matrices do where one of them is not real."""
    return np.bool_(is_complex(x))


def left_eigenvectors(v: Array) -> Array:
    """V⁻¹, whose rows are the left eigenvectors, for eigenvectors V of length 1.

    Raises:
        LinAlgError: if the eigenvectors are linearly dependent, to within rounding.
    """
    try:
        inverse = np.linalg.inv(v)
    except LinAlgError:
        inverse = np.full_like(v, np.nan)
    # the length of a left eigenvector is the factor by which its eigenvalue enlarges errors of the matrix, and the
    # slope of that eigenvalue enlarges them by the square
    if not np.all(abs(inverse) < (_ROUNDING * np.finfo(v.dtype).eps) ** -0.5):
        raise LinAlgError(
            f"left_eigenvectors: a matrix (shape {v.shape}) has fewer independent eigenvectors than rows, to within "
            "rounding, as [[1, 1], [0, 1]] has; eigenvalues that meet in this way change infinitely fast, and have no "
            "derivative"
        )
    return inverse


def svd(a: Array) -> tuple[Array, Array, Array]:
    """The reduced U, s and Vᵀ: as many columns and rows as there are singular values."""
    require_matrices("svd", a)
    u, s, vt = call_lapack(np.linalg.svd, a, hint=_NOT_FINITE, full_matrices=False)
    return u, s, vt


def full_svd(a: Array) -> tuple[Array, Array, Array]:
    """The square U, s and the square Vᵀ: the additional vectors are some basis of what the others do not reach."""
    require_matrices("svd", a)
    u, s, vt = call_lapack(np.linalg.svd, a, hint=_NOT_FINITE, full_matrices=True)
    return u, s, vt


@recordable
def depends_on_basis(vectors: Array, signal: Array) -> Any:
    """Whether a rotation of orthonormal columns among themselves changes the loss, to within rounding.

    Arguments:
        signal: the error signal of the columns. A rotation 1 + Ω, with Ωᴴ = −Ω, changes the loss by Re tr(Ūᵀ U Ω).
    """
    product = signal.mT @ vectors
    turning = abs(product - np.conj(product.mT)).sum(axis=(-2, -1))
    return np.any(turning > np.finfo(signal.dtype).eps ** 0.5 * abs(signal).sum(axis=(-2, -1)))


def qr(a: Array) -> tuple[Array, Array]:
    """The reduced Q and R."""
    require_matrices("qr", a)
    q, r = np.linalg.qr(a)
    return q, r


def lower_half(a: Array) -> Array:
    """Φ(A): the lower triangle with its diagonal halved, so that Φ(A) + Φ(A)ᵀ = A for a symmetric A."""
    return (np.tril(a) + np.tril(a, -1)) / 2


@recordable
def are_equal(x: Array, y: Array) -> Array:
    """Whether values of a matrix are equal to within their rounding errors, which are those of the largest."""
    largest = abs(x).max(axis=-1, keepdims=True) if x.size else 0
    return abs(x - y) <= _ROUNDING * np.finfo(x.dtype).eps * largest


def reciprocal_gaps(x: Array, used: Array) -> Array:
    """Fᵢⱼ = 1 / (xⱼ − xᵢ), and 0 on the diagonal.

    Where the two values are equal, to within rounding, it is NaN, or 0 if neither of them is `used`.

    Arguments:
        used: booleans of the shape of x.
    """
    gaps = x[..., None, :] - x[..., :, None]
    tied = are_equal(x[..., None, :], x[..., :, None])
    different = np.tril(np.triu(np.ones_like(gaps))) == 0
    undefined = tied & different & (used[..., None, :] | used[..., :, None])
    return np.where(undefined, np.nan, np.where(tied, 0, 1 / np.where(tied, 1, gaps)))
