"""Reductions over axes: sum, mean, max, min, logsumexp, and softmax, which divides by one.

What was summed receives the error signal of the sum: the rules spread it back over the axes. Everywhere an axis
is a number, a tuple of numbers or `None` for all, and ``keepdims=True`` leaves the axes there with length 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.kernels import reduce as kernels
from minigrad.primitive import Primitive
from minigrad.rules.axes import Axis, as_array, expand, given
from minigrad.rules.select import where
from minigrad.rules.shape import broadcast_to

__all__ = ["log_softmax", "logsumexp", "max", "mean", "min", "ptp", "softmax", "sum"]


def _spread(y_bar: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    return broadcast_to(expand(y_bar, axis, keepdims), x.shape)


def share_among_winners(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """The error signal of the largest or smallest element, to all that equal it; NaN wins against all numbers."""
    best = expand(y, axis, keepdims)
    won = np.equal(x, best) | np.isnan(x) if np.any(np.isnan(y)) else x == best
    winners = np.sum(where(won, np.ones_like(x), 0), axis=axis, keepdims=True)
    return where(won, expand(y_bar, axis, keepdims) / winners, 0)


def _exponential_shares(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """ȳ to each element by its share of Σ exp(x); infinities that tie share equally, as equal numbers do."""
    if not x.size or not np.any(np.isinf(y)):
        return expand(y_bar, axis, keepdims) * softmax(x, axis=axis)
    infinite = np.isinf(expand(y, axis, keepdims))
    shares = expand(y_bar, axis, keepdims) * softmax(where(infinite, 0, x), axis=axis)
    return where(infinite, share_among_winners(y_bar, y, x, axis, keepdims), shares)


_sum = Primitive(
    "sum",
    lambda x, axis, keepdims: x.sum(axis=axis, keepdims=keepdims),
    lambda y_bar, y, x, axis, keepdims: _spread(y_bar, x, axis, keepdims),
    symbol="Σ",
)
_mean = Primitive(
    "mean",
    kernels.mean,
    lambda y_bar, y, x, axis, keepdims: _spread(y_bar / (x.size // (y.size or 1) or 1), x, axis, keepdims),
)
_max = Primitive("max", kernels.largest, share_among_winners)
_min = Primitive("min", kernels.smallest, share_among_winners)
_logsumexp = Primitive(
    "logsumexp",
    kernels.logsumexp,
    lambda y_bar, y, x, axis, keepdims: _exponential_shares(y_bar, y, x, axis, keepdims),
)
_softmax = Primitive(
    "softmax",
    kernels.softmax,
    lambda y_bar, y, x, axis: y * (y_bar - np.sum(y_bar * y, axis=axis, keepdims=True)),
)
_log_softmax = Primitive(
    "log_softmax",
    kernels.log_softmax,
    lambda y_bar, y, x, axis: y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True),
)


@implements(np.sum)
def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum over one axis, several, or all; the sum of nothing is 0.

    >>> import minigrad as mg
    >>> mg.sum(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    Tensor([4., 6.])
    """
    x, axis = given(x, axis, "sum")
    return _sum(x, axis=axis, keepdims=keepdims)


@implements(np.mean)
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean over one axis, several, or all; that of nothing is NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]))
    Tensor(3.)
    """
    x, axis = given(x, axis, "mean")
    return _mean(x, axis=axis, keepdims=keepdims)


@implements(np.amax)
@implements(np.max)
def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN is larger than any number here, as in NumPy, and so the error signal goes to what is NaN.

    Raises:
        ValueError: if there is nothing to choose from.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> mg.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """
    x, axis = given(x, axis, "max")
    return _max(x, axis=axis, keepdims=keepdims)


@implements(np.amin)
@implements(np.min)
def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN is smaller than any number here, as in NumPy, and so the error signal goes to what is NaN.

    Raises:
        ValueError: if there is nothing to choose from.

    >>> import minigrad as mg
    >>> mg.min(mg.Tensor([1.0, 5.0]))
    Tensor(1.)
    """
    x, axis = given(x, axis, "min")
    return _min(x, axis=axis, keepdims=keepdims)


@implements(np.ptp)
def ptp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """From peak to peak: the largest element minus the smallest.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 9.0, 4.0], requires_grad=True)
    >>> mg.ptp(x).backward()
    >>> x.grad
    array([-1.,  1.,  0.])
    """
    x = as_array(x, "ptp")
    return max(x, axis, keepdims) - min(x, axis, keepdims)


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """log Σ exp(x), without overflow: the largest element is taken out before exponentiating.

    Where every element is −∞, as where there is none, it is log 0 = −∞. Infinities that tie share the error signal
    equally.

    >>> import minigrad as mg
    >>> mg.logsumexp(mg.Tensor([1000.0, 1000.0]))
    Tensor(1000.69314718)
    """
    x, axis = given(x, axis, "logsumexp")
    return _logsumexp(x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: Axis = -1) -> Any:
    """exp(x) / Σ exp(x) along an axis, without overflow: positive numbers that sum to 1.

    Where every element is −∞ there is nothing to share 1 among: NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.softmax(mg.Tensor([1000.0, 1000.0]))
    Tensor([0.5, 0.5])
    """
    x, axis = given(x, axis, "softmax")
    return _softmax(x, axis=axis)


def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """log softmax(x) along an axis, exact also where softmax(x) underflows to 0.

    >>> import minigrad as mg
    >>> mg.log_softmax(mg.Tensor([0.0, 1000.0]))
    Tensor([-1000.,     0.])
    """
    x, axis = given(x, axis, "log_softmax")
    return _log_softmax(x, axis=axis)
