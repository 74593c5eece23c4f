"""Calling LAPACK through NumPy or CuPy, with errors that name the shape and say what to try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.typing import Array

LinAlgError = np.linalg.LinAlgError


def call_lapack(function: Callable[..., Any], *arrays: Array, hint: str, **params: Any) -> Any:
    """The output of a function of ``np.linalg``; the hint says what to try where it fails."""
    try:
        return function(*arrays, **params)
    except LinAlgError as error:
        shapes = " and ".join(str(x.shape) for x in arrays)
        raise LinAlgError(f"{function.__name__}: {str(error).lower()} (shape {shapes}); {hint}") from None


def require_square(name: str, a: Array, hint: str = "") -> None:
    """Raise a LinAlgError unless `a` is a square matrix or a stack of them."""
    shape = np.shape(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise LinAlgError(f"{name}: expected square matrices (…, M, M), got shape {shape}{hint}")


def require_matrices(name: str, a: Array) -> None:
    """Raise a LinAlgError unless `a` has at least two axes."""
    if np.ndim(a) < 2:
        raise LinAlgError(f"{name}: expected matrices (…, M, N), got shape {np.shape(a)}; v[:, None] is a column")
