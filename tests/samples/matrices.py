"""Matrices on which the functions of linear algebra are well conditioned, and what makes their outputs unique."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.registry import anywhere, on_device_of

__all__ = [
    "ANY_SHAPES", "SQUARE_SHAPES", "apart", "positive_definite", "regular", "signed_columns", "signed_rows",
    "symmetric",
]  # fmt: skip

SQUARE_SHAPES: list[tuple[int, ...]] = [(1, 1), (2, 2), (3, 3), (2, 2, 2)]
ANY_SHAPES: list[tuple[int, ...]] = [(1, 1), (2, 2), (3, 2), (2, 3), (3, 1), (2, 2, 3), (3, 3)]


# ---------------------------------------------------------------- drawn
def regular(*shape: int) -> Any:
    """Matrices far from singular ones."""
    return anywhere(*shape) + 3 * np.eye(shape[-2], shape[-1])


def apart(*shape: int) -> Any:
    """Matrices whose eigenvalues and singular values lie apart, as derivatives of their vectors need.

    The diagonal 1, 3, 5 alone has gaps of 2. By Weyl's inequality a matrix E that is added to it moves each value by
    at most ‖E‖₂, which is below 0.8 here.
    """
    return 0.2 * anywhere(*shape) + np.eye(shape[-2], shape[-1]) * np.arange(1.0, 2 * shape[-1], 2)


# ---------------------------------------------------------------- computed from drawn ones
def symmetric(a: Any) -> Any:
    """A symmetric matrix, or a Hermitian one, as a function of any matrix: its two triangles change together."""
    return (a + np.conj(np.swapaxes(a, -1, -2))) / 2


def positive_definite(a: Any) -> Any:
    """A symmetric matrix with eigenvalues of at least 1, as a function of any matrix."""
    return a @ np.conj(np.swapaxes(a, -1, -2)) + on_device_of(a, np.eye(a.shape[-1], dtype=a.dtype))


# ---------------------------------------------------------------- signs
# Those of eigenvectors and singular vectors are arbitrary. These make the sum of their cubes positive, and of complex
# ones that of z |z|².
def signed_columns(v: Any) -> Any:
    return v * np.conj(np.sign(np.sum(v * abs(v) ** 2, axis=-2, keepdims=True)))


def signed_rows(v: Any) -> Any:
    return v * np.conj(np.sign(np.sum(v * abs(v) ** 2, axis=-1, keepdims=True)))
