"""Products with logarithms that are 0 where the factor is, and the logarithm of odds; of real numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.typing import Array

__all__ = ["entr", "logit", "rel_entr", "xlog1py", "xlogy"]


def xlogy(x: Array, y: Array) -> Array:
    """x log y, and 0 where x is 0, whatever y is, if it is a number."""
    x, y = _with_dtype(x, y)
    return x * np.log(np.where((x == 0) & ~np.isnan(y), 1, y))


def xlog1py(x: Array, y: Array) -> Array:
    """x log(1 + y), and 0 where x is 0, whatever y is, if it is a number."""
    x, y = _with_dtype(x, y)
    return x * np.log1p(np.where((x == 0) & ~np.isnan(y), 0, y))


def entr(x: Array) -> Array:
    """−x log x, 0 where x is 0, and −inf where it is negative."""
    require_real(x)
    return np.where(x < 0, -np.inf, -x * np.log(np.where(x <= 0, 1, x)))[()]


def rel_entr(x: Array, y: Array) -> Array:
    """x log(x / y), 0 where x is 0 and y is not negative, and inf where one of them is negative, or only y is 0.

    Where x and y are close, their difference tells their ratio from 1; where the ratio leaves the range of the dtype,
    the logarithms are subtracted.
    """
    x, y = _with_dtype(x, y)
    both = (x > 0) & (y > 0)
    above, below = np.where(both, x, 1), np.where(both, y, 1)
    with np.errstate(over="ignore", under="ignore"):  # where the ratio is 0 or infinite, another formula is taken
        ratio = above / below
    close = (ratio > 0.5) & (ratio < 2)
    near = np.log1p(np.where(close, above - below, 0) / below)
    in_range = (ratio > np.finfo(ratio.dtype).tiny) & (ratio < np.inf)
    far = np.where(in_range, np.log(np.where(in_range, ratio, 1)), np.log(above) - np.log(below))
    logarithm = np.where(close, near, far)
    otherwise = np.where((x == 0) & (y >= 0), 0, np.where(np.isnan(x) | np.isnan(y), np.nan, np.inf))
    return np.where(both, above * logarithm, otherwise).astype(logarithm.dtype)[()]


def logit(x: Array) -> Array:
    """log(x / (1 − x)), which is 2 artanh(2x − 1), precise where that is nearly 0, around ½."""
    require_real(x)
    near = abs(x - 0.5) < 0.25
    far = np.where(near, 0.5, x)
    return np.where(near, 2 * np.arctanh(np.where(near, 2 * x - 1, 0)), np.log(far) - np.log1p(-far))[()]


def _with_dtype(x: Any, y: Any) -> tuple[Any, Any]:
    """Two real arguments; a Python number in the floating type of the other."""
    require_real(x)
    require_real(y)
    dtype = np.result_type(*[getattr(a, "dtype", a) for a in (x, y)])
    scalar = dtype.type if dtype.kind == "f" else np.float64
    return tuple(a if hasattr(a, "dtype") else scalar(a) for a in (x, y))  # type: ignore[return-value]
