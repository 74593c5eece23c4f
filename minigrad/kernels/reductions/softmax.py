"""Softmax and logsumexp of real numbers, without overflow: the largest is subtracted before exponentiating."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.typing import Array, Axis

__all__ = ["log_softmax", "logsumexp", "softmax", "softmax_and_log"]


def logsumexp(x: Array, axis: Axis, keepdims: bool) -> Array:
    """log Σ exp(x) over any axes."""
    return in_single_precision(_logsumexp, x, axis, keepdims)


def _logsumexp(x: Array, axis: Axis, keepdims: bool) -> Array:
    shift = _shift(x, axis)
    # where every element is −inf it is log 0 = −inf, and exp(inf) = inf where one is inf: no warning
    with np.errstate(divide="ignore", over="ignore"):
        y = np.log(np.exp(x - shift).sum(axis=axis, keepdims=True)) + shift
    return y if keepdims else y.squeeze(axis)[()]


def softmax(x: Array, axis: Axis) -> Array:
    """exp(x) / Σ exp(x)."""
    return in_single_precision(_softmax, x, axis)


def _softmax(x: Array, axis: Axis) -> Array:
    e = np.exp(x - _shift(x, axis))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x: Array, axis: Axis) -> Array:
    """x − log Σ exp(x)."""
    return in_single_precision(lambda x: x - _logsumexp(x, axis, keepdims=True), x)


def softmax_and_log(x: Array, axis: Axis) -> tuple[Array, Array]:
    """Softmax and its logarithm, the same as one by one, with one exponential; not of float16."""
    shift = _shift(x, axis)
    e = np.exp(x - shift)
    total = e.sum(axis=axis, keepdims=True)
    with np.errstate(divide="ignore", over="ignore"):
        return e / total, x - (np.log(total) + shift)


def _shift(x: Array, axis: Axis) -> Array:
    """The largest elements; 0 where they are infinite, since inf − inf is NaN, or where there are none."""
    require_real(x)
    if not x.size:
        return 0
    largest = x.max(axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0)
