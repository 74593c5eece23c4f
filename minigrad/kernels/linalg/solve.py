"""Inverses, linear systems and pseudo-inverses of stacks of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.linalg.lapack_errors import LinAlgError, call_lapack, require_matrices, require_square
from minigrad.typing import Array

_SINGULAR = "its rows are linearly dependent: try mg.pinv, or add a small multiple of the identity"


def inv(a: Array) -> Array:
    """A⁻¹, the inverse of square matrices."""
    require_square("inv", a, "; mg.pinv takes any shape")
    return call_lapack(np.linalg.inv, a, hint=_SINGULAR)


def solve(a: Array, b: Array) -> Array:
    """The solution x of A x = b; a `b` of one axis is a vector for all matrices."""
    require_square("solve", a, "; mg.pinv(A) @ b is the least-squares solution")
    shape, rows = np.shape(b), a.shape[-1]
    shapes = f"solve: A has shape {a.shape} and b {shape}"
    if not shape or shape[max(-2, -len(shape))] != rows:
        raise LinAlgError(f"{shapes}; expected b of {rows} rows, ({rows},) or (…, {rows}, K)")
    if len(shape) > 1 and a.shape[:-2] != shape[:-2]:  # CuPy does not broadcast them
        try:
            stack = np.broadcast_shapes(a.shape[:-2], shape[:-2])
        except ValueError:
            raise LinAlgError(
                f"{shapes}; the leading axes count systems, but {a.shape[:-2]} does not broadcast with {shape[:-2]}"
            ) from None
        a, b = np.broadcast_to(a, stack + a.shape[-2:]), np.broadcast_to(b, stack + shape[-2:])
    return call_lapack(np.linalg.solve, a, b, hint=_SINGULAR)


def pinv(a: Array, rcond: Any, hermitian: bool = False) -> Array:
    """A⁺, the pseudo-inverse; singular values below `rcond` times the largest one count as 0.

    Of a Hermitian matrix the lower triangle alone is read.
    """
    require_matrices("pinv", a)
    if hermitian:  # CuPy's function has no such keyword
        require_square("pinv", a)
        a = np.tril(a, -1) + np.conj(np.tril(a)).mT
    return np.linalg.pinv(a, rcond)
