"""Norms and deviations without over- or underflow on the way to them.

The square of 1e200 is infinite and that of 1e-200 is 0, but the length of a vector of such numbers is one of them. Such
functions scale with their argument, f(s x) = s f(x): where the usual formula left the range, the vector is divided by
its largest element first. float16, whose range ends at 65504, is computed in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from minigrad.recorder import recordable
from minigrad.typing import Array, Axis

__all__ = ["in_range", "in_single_precision", "root", "size_out_of_range"]

_HALF = np.dtype(np.float16)


def in_single_precision(f: Callable[..., Array], x: Array, *args: Any) -> Array:
    """f(x, …), for float16 computed in float32: sums of squares, and of many elements, soon exceed 65504."""
    if x.dtype is not _HALF:  # ten times as fast as ==
        return f(x, *args)
    return f(x.astype(np.float32), *args).astype(np.float16)


def in_range(f: Callable[[Array, bool], Array], x: Array, axis: Axis, keepdims: bool, power: float = 2) -> Array:
    """``f(x, keepdims)`` along `axis`, for a function with f(s x) = s f(x) that computes powers of its argument.

    Arguments:
        power: the exponent of these powers; if it is negative, the smallest element decides.
    """
    if x.dtype is _HALF:
        return in_single_precision(lambda x: in_range(f, x, axis, keepdims, power), x)
    with np.errstate(over="ignore", divide="ignore"):
        y = f(x, keepdims)
    low, high = _trusted(x.dtype, power)
    right = (y >= low) & (y <= high)
    if right.all() or not x.size:
        return y
    size = abs(x).max(axis=axis, keepdims=True) if power > 0 else abs(x).min(axis=axis, keepdims=True)
    size = np.where((size > 0) & np.isfinite(size), size, 1)
    again = (f(x / size, True) * size).reshape(y.shape)
    return np.where(right, y, again)[()]


def size_out_of_range(x: Array, power: float) -> Any:
    """The largest ``|x|``, if its power, or the sum of these, is beyond the range of the dtype; otherwise ``None``."""
    if x.dtype.kind != "f" or not x.size:
        return None
    if hasattr(x, "__record__") and not is_out_of_range(x, power):
        return None  # a program holds for all arrays within the range
    size = max(_number(x.max()), -_number(x.min()))
    if size == 0 or not np.isfinite(size):
        return None
    low, high = _trusted(x.dtype, power)
    finite = power * np.log(size) + np.log(x.size) < np.log(high)
    return None if low <= size and finite else size


@recordable
def is_out_of_range(x: Array, power: float) -> bool:
    """Whether `size_out_of_range` gives a size."""
    return size_out_of_range(x, power) is not None


@cache
def _trusted(dtype: np.dtype[Any], power: float) -> tuple[Any, Any]:
    """The range in which roots of sums of powers are right: beyond it terms that count round to 0, or are infinite."""
    limits = np.finfo(dtype)
    low = root(limits.tiny / limits.eps**2, power)
    return (low, _number(limits.max)) if power > 0 else (_number(limits.smallest_subnormal), low)


def root(limit: Any, power: float) -> Any:
    """The number whose power is this limit of a dtype.

    >>> root(np.finfo(np.float32).max, 2)
    1.844674352395373e+19
    """
    limit = limit if limit.itemsize > 8 else np.float64(limit)
    with np.errstate(over="ignore"):
        return _number(limit ** (1 / power))


def _number(x: Any) -> Any:
    """One of Python's numbers, which widen no array; of longdouble a longdouble, which may be beyond their range."""
    return x if getattr(x, "itemsize", 8) > 8 else float(x)
