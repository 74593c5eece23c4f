"""Least-squares solutions of linear systems."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.linalg.lapack_errors import LinAlgError, call_lapack
from minigrad.typing import Array


def lstsq(a: Array, b: Array, rcond: float | None) -> Array:
    """The x of smallest norm among those that make ``‖A x − b‖`` smallest."""
    if a.ndim != 2 or b.ndim not in (1, 2) or len(a) != len(b):
        raise LinAlgError(
            f"lstsq: A has shape {a.shape} and b {b.shape}; expected one matrix (M, N), and b of as many rows, (M,) or "
            "(M, K). For stacks of matrices write mg.pinv(A) @ b"
        )
    return call_lapack(np.linalg.lstsq, a, b, rcond=rcond, hint="does it hold a NaN or an infinity?")[0]


def cutoff(a: Array, rcond: float | None) -> float:
    """The fraction of the largest singular value up to which others count as 0, by the rule of ``np.linalg.lstsq``."""
    if rcond is None or rcond < 0:
        eps = float(np.finfo(a.dtype).eps)
        return eps if rcond is not None else eps * max(a.shape)
    return rcond


def rank(s: Array, rcond: float) -> Any:
    """How many singular values are larger than `rcond` times the largest one."""
    return np.count_nonzero(s > rcond * s[:1])
