"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.linalg.lapack import LinAlgError, call_lapack, check_matrices, check_square

_SINGULAR = "some row depends on the others: try mg.pinv, or add a small multiple of the identity"


def inv(a: Any) -> Any:
    check_square("inv", a, "; mg.pinv takes any shape")
    return call_lapack("inv", _SINGULAR, a)


def solve(a: Any, b: Any) -> Any:
    """x with A x = b. One axis of `b` makes it a vector for all matrices, two or more a stack of matrices."""
    check_square("solve", a, "; mg.pinv(A) @ b is the solution of least squares")
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
    return call_lapack("solve", _SINGULAR, a, b)


def pinv(a: Any, rcond: Any) -> Any:
    check_matrices("pinv", a)
    return np.linalg.pinv(a, rcond)
