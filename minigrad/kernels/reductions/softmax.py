"""Means, and exponentials summed without overflow: the largest is subtracted before exponentiating."""

from __future__ import annotations

from typing import Any

import numpy as np


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
