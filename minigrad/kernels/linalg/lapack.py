"""TODO"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

LinAlgError = np.linalg.LinAlgError


def call_lapack(name: str, hint: str, *arrays: Any) -> Any:
    """NumPy's function of this name."""
    function: Callable[..., Any] = getattr(np.linalg, name)
    try:
        return function(*arrays)
    except LinAlgError as error:
        shapes = " and ".join(str(x.shape) for x in arrays)
        raise LinAlgError(f"{name}: {str(error).lower()} (shape {shapes}); {hint}") from None


def check_square(name: str, a: Any, hint: str = "") -> None:
    shape = np.shape(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise LinAlgError(f"{name}: expected square matrices (…, M, M), got shape {shape}{hint}")


def check_matrices(name: str, a: Any) -> None:
    if np.ndim(a) < 2:
        raise LinAlgError(f"{name}: expected matrices (…, M, N), got shape {np.shape(a)}; a column is v[:, None]")
