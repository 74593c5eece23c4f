"""Inverses and decompositions of stacks of matrices: LAPACK's, with messages that say what to try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

LinAlgError = np.linalg.LinAlgError


def _lapack(name: str, hint: str, *arrays: Any) -> Any:
    """NumPy's function of this name."""
    function: Callable[..., Any] = getattr(np.linalg, name)
    try:
        return function(*arrays)
    except LinAlgError as error:
        shapes = " and ".join(str(x.shape) for x in arrays)
        raise LinAlgError(f"{name}: {str(error).lower()} (shape {shapes}); {hint}") from None


def _check_square(name: str, a: Any, hint: str = "") -> None:
    shape = np.shape(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise LinAlgError(f"{name}: expected square matrices (…, M, M), got shape {shape}{hint}")


def _check_matrices(name: str, a: Any) -> None:
    if np.ndim(a) < 2:
        raise LinAlgError(f"{name}: expected matrices (…, M, N), got shape {np.shape(a)}; a column is v[:, None]")


_SINGULAR = "some row depends on the others: try mg.pinv, or add a small multiple of the identity"


def inv(a: Any) -> Any:
    _check_square("inv", a, "; mg.pinv takes any shape")
    return _lapack("inv", _SINGULAR, a)


def solve(a: Any, b: Any) -> Any:
    """x with A x = b. One axis of `b` makes it a vector for all matrices, two or more a stack of matrices."""
    _check_square("solve", a, "; mg.pinv(A) @ b is the solution of least squares")
    shape, rows = np.shape(b), a.shape[-1]
    said = f"solve: A has shape {a.shape} and b {shape}"
    if not shape or shape[max(-2, -len(shape))] != rows:
        raise LinAlgError(f"{said}; expected b of {rows} rows, ({rows},) or (…, {rows}, K)")
    if len(shape) > 1 and a.shape[:-2] != shape[:-2]:  # which CuPy leaves to the caller
        try:
            stack = np.broadcast_shapes(a.shape[:-2], shape[:-2])
        except ValueError:
            raise LinAlgError(
                f"{said}; the axes in front count systems, and {a.shape[:-2]} does not broadcast with {shape[:-2]}"
            ) from None
        a, b = np.broadcast_to(a, stack + a.shape[-2:]), np.broadcast_to(b, stack + shape[-2:])
    return _lapack("solve", _SINGULAR, a, b)


def det(a: Any) -> Any:
    _check_square("det", a)
    return np.linalg.det(a)


def cofactor(a: Any) -> Any:
    """det(A) A⁻ᵀ, also where A is singular: with A = U diag(s) Vᵀ it is det(U) det(V) U diag(∏ⱼ≠ᵢ sⱼ) Vᵀ.

    Far from singular matrices the inverse, which takes a tenth of the time, has almost as many correct digits.
    """
    try:
        inverse = np.linalg.inv(a)
    except LinAlgError:
        inverse = np.full_like(a, np.nan)
    condition = np.linalg.norm(a, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    if np.all(condition < np.finfo(inverse.dtype).eps ** -0.25):
        return np.linalg.det(a)[..., None, None] * inverse.mT
    u, s, vt = np.linalg.svd(a)
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate((one, s[..., :-1]), axis=-1), axis=-1)
    after = np.cumprod(np.concatenate((one, s[..., :0:-1]), axis=-1), axis=-1)[..., ::-1]
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return (u * (sign[..., None] * before * after)[..., None, :]) @ vt


def slogdet(a: Any) -> tuple[Any, Any]:
    _check_square("slogdet", a)
    sign, logabsdet = np.linalg.slogdet(a)
    return sign, logabsdet


def cholesky(a: Any) -> Any:
    _check_square("cholesky", a)
    return _lapack("cholesky", "all eigenvalues must be positive: add a small multiple of the identity", a)


def eigh(a: Any) -> tuple[Any, Any]:
    _check_square("eigh", a)
    eigenvalues, eigenvectors = _lapack("eigh", "is there a NaN or an infinity in it?", a)
    return eigenvalues, eigenvectors


def svd(a: Any) -> tuple[Any, Any, Any]:
    """U, s and Vᵀ, of as many columns and rows as there are singular values."""
    _check_matrices("svd", a)
    try:
        u, s, vt = np.linalg.svd(a, full_matrices=False)
    except LinAlgError as error:
        raise LinAlgError(f"svd: {error} (shape {a.shape}); is there a NaN or an infinity in it?") from None
    return u, s, vt


def qr(a: Any) -> tuple[Any, Any]:
    _check_matrices("qr", a)
    q, r = np.linalg.qr(a)
    return q, r


def pinv(a: Any, rcond: Any) -> Any:
    _check_matrices("pinv", a)
    return np.linalg.pinv(a, rcond)


def lower_half(a: Any) -> Any:
    """Φ(A): the lower triangle with half of the diagonal, so that Φ(A) + Φ(A)ᵀ is A if A is symmetric."""
    return (np.tril(a) + np.tril(a, -1)) / 2


def reciprocal_gaps(x: Any) -> Any:
    """Fᵢⱼ = 1 / (xⱼ − xᵢ), and 0 on the diagonal; ±∞ where two are equal."""
    gaps = x[..., None, :] - x[..., :, None]
    with np.errstate(divide="ignore"):
        return np.where(np.tril(np.triu(np.ones_like(gaps))) == 1, 0, 1 / gaps)
