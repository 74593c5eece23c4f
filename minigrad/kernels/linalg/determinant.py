"""Determinants, their logarithms, and the matrix of cofactors."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.linalg.lapack_errors import LinAlgError, require_square
from minigrad.typing import Array


def det(a: Array) -> Array:
    """The determinant of square matrices."""
    require_square("det", a)
    return np.linalg.det(a)


def cofactor(a: Array) -> Array:
    """The cofactors, det(A) A⁻ᵀ, for singular matrices too: det(U) det(V) U diag(∏ⱼ≠ᵢ sⱼ) Vᵀ for A = U diag(s) Vᵀ.

    For a complex A = U diag(s) Vᴴ, the conjugates of U and Vᴴ take the place of U and Vᵀ in that product.

    Well-conditioned matrices are inverted, which takes a tenth of the time and is almost as accurate.
    """
    try:
        inverse = np.linalg.inv(a)
    except LinAlgError:
        inverse = np.full_like(a, np.nan)
    condition = np.linalg.norm(a, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    limits, determinant = np.finfo(inverse.dtype), np.linalg.det(a)[..., None, None]
    size = abs(determinant)
    if np.all((condition < limits.eps**-0.25) & (size[..., 0, 0] >= limits.tiny) & (size[..., 0, 0] < np.inf)):
        return determinant * inverse.mT
    u, s, vt = np.linalg.svd(a)
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate((one, s[..., :-1]), axis=-1), axis=-1)
    after = np.cumprod(np.concatenate((one, s[..., :0:-1]), axis=-1), axis=-1)[..., ::-1]
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return (np.conj(u) * (sign[..., None] * before * after)[..., None, :]) @ np.conj(vt)


def slogdet(a: Array) -> tuple[Array, Array]:
    """The sign of the determinant, and the logarithm of its absolute value."""
    require_square("slogdet", a)
    sign, logabsdet = np.linalg.slogdet(a)
    return sign, logabsdet
