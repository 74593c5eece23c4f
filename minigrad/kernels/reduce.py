"""Means, and exponentials summed without overflow: the largest is subtracted before exponentiating."""

from __future__ import annotations

from typing import Any

import numpy as np


def mean(x: Any, axis: Any, keepdims: bool) -> Any:
    """The mean, in two thirds of the time that ``x.mean``, written in Python, takes on small arrays.

    Integers and half precision are left to NumPy, which sums them in a wider type.
    """
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        return x.mean(axis=axis, keepdims=keepdims)
    total = x.sum(axis=axis, keepdims=keepdims)
    return total / (x.size // total.size) if total.size and x.size else x.mean(axis=axis, keepdims=keepdims)


def largest(x: Any, axis: Any, keepdims: bool) -> Any:
    try:
        return x.max(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "max", "largest", x, axis) from None


def smallest(x: Any, axis: Any, keepdims: bool) -> Any:
    try:
        return x.min(axis=axis, keepdims=keepdims)
    except ValueError as error:
        raise _explained(error, "min", "smallest", x, axis) from None


def _explained(error: ValueError, name: str, best: str, x: Any, axis: Any) -> ValueError:
    if x.size or isinstance(error, np.exceptions.AxisError):
        return error
    along = "" if axis is None else f" along axis {axis}"
    return ValueError(
        f"{name}: an array of shape {x.shape} has no {best} element{along}, for there is none; "
        "leave the empty axis out, or ask only where x.size > 0"
    )


def _shift(x: Any, axis: Any) -> Any:
    """The largest elements, or 0 where they are infinite, for inf − inf is not a number, or where there are none."""
    if not x.size:
        return 0
    largest = x.max(axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0)


def logsumexp(x: Any, axis: Any, keepdims: bool) -> Any:
    shift = _shift(x, axis)
    # log 0 = −inf is the answer when every element is −inf, and e^∞ when one is ∞
    with np.errstate(divide="ignore", over="ignore"):
        y = np.log(np.exp(x - shift).sum(axis=axis, keepdims=True)) + shift
    return y if keepdims else y.squeeze(axis)[()]


def softmax(x: Any, axis: Any) -> Any:
    e = np.exp(x - _shift(x, axis))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x: Any, axis: Any) -> Any:
    return x - logsumexp(x, axis, keepdims=True)
