"""Softmax, its logarithm, and logsumexp, which do not overflow."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions import softmax as kernels
from minigrad.rules.axes import as_array_and_axis, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions.extrema import share_among_ties
from minigrad.typing import Array, Axis

__all__ = ["log_softmax", "logsumexp", "softmax"]


def _logsumexp_rule(y_bar: Array, y: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """ȳ softmax(x): each element's share of Σ exp(x); infinities that tie share equally, as equal numbers do."""
    if not x.size or not np.any(np.isinf(y)):
        return restore_axes(y_bar, axis, keepdims) * softmax(x, axis=axis)
    infinite = np.isinf(restore_axes(y, axis, keepdims))
    shares = restore_axes(y_bar, axis, keepdims) * softmax(where(infinite, 0, x), axis=axis)
    return where(infinite, share_among_ties(y_bar, y, x, axis, keepdims), shares)


_logsumexp = Primitive(
    "logsumexp",
    kernels.logsumexp,
    _logsumexp_rule,
    axes=along_axis,
)
_softmax = Primitive(
    "softmax",
    kernels.softmax,
    lambda y_bar, y, x, axis: in_single_precision(
        lambda y_bar: y * (y_bar - np.sum(y_bar * y, axis=axis, keepdims=True)), y_bar
    ),
    axes=along_axis,
)
_log_softmax = Primitive(
    "log_softmax",
    kernels.log_softmax,
    lambda y_bar, y, x, axis: in_single_precision(
        lambda y_bar: y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True), y_bar
    ),
    axes=along_axis,
)


def logsumexp(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """log Σ exp(x), without overflow: the largest element is subtracted before exponentiating.

    Where there are no elements, or only −∞, it is log 0 = −∞. Infinities that tie share the error signal equally.

    >>> import minigrad as mg
    >>> mg.logsumexp(mg.Tensor([1000.0, 1000.0]))
    Tensor(1000.69314718)
    """
    x, axis = as_array_and_axis(x, axis, "logsumexp")
    return _logsumexp(x, axis=axis, keepdims=keepdims)


def softmax(x: Array, axis: Axis = -1) -> Array:
    """exp(x) / Σ exp(x) along an axis, without overflow: positive numbers that sum to 1.

    Where every element is −∞, it is 0 / 0 = NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.softmax(mg.Tensor([1000.0, 1000.0]))
    Tensor([0.5, 0.5])
    """
    x, axis = as_array_and_axis(x, axis, "softmax")
    return _softmax(x, axis=axis)


def log_softmax(x: Array, axis: Axis = -1) -> Array:
    """log softmax(x) along an axis, precise also where softmax(x) underflows to 0.

    >>> import minigrad as mg
    >>> mg.log_softmax(mg.Tensor([0.0, 1000.0]))
    Tensor([-1000.,     0.])
    """
    x, axis = as_array_and_axis(x, axis, "log_softmax")
    return _log_softmax(x, axis=axis)


special_functions.update(log_softmax=log_softmax, logsumexp=logsumexp, softmax=softmax)
