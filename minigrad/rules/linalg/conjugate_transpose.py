"""The adjoint of complex matrices: transposed and conjugated. Of real ones it is the transpose."""

from __future__ import annotations

from minigrad.rules.elementwise.complex import conj
from minigrad.typing import Array

__all__: list[str] = []


def adjoint(A: Array) -> Array:
    """Aᴴ, the transpose of the conjugate, for the last two axes."""
    return conj(A.mT)


def hermitian(M: Array) -> Array:
    """The part of M that equals its adjoint: of real matrices, the symmetric part."""
    return (M + adjoint(M)) / 2
