"""Reductions over axes: sum, mean, max, min, logsumexp, and softmax, which divides by one.

What was summed receives the error signal of the sum: the rules spread it back over the axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.kernels import reduce as kernels
from minigrad.primitive import Primitive
from minigrad.rules.select import where

__all__ = ["log_softmax", "logsumexp", "max", "mean", "min", "softmax", "sum"]

Axis = int | tuple[int, ...] | None


def _expand(y: Any, axis: Axis, keepdims: bool) -> Any:
    """A reduced array with the axes it lost at length 1 again, so that it broadcasts against the input."""
    return y if keepdims or axis is None else np.expand_dims(y, axis)


def _spread(y_bar: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    return np.broadcast_to(_expand(y_bar, axis, keepdims), x.shape)


def _share_among_winners(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    won = x == _expand(y, axis, keepdims)
    winners = np.sum(where(won, np.ones_like(x), 0), axis=axis, keepdims=True)
    return where(won, _expand(y_bar, axis, keepdims) / winners, 0)


_sum = Primitive(
    "sum",
    lambda x, axis, keepdims: x.sum(axis=axis, keepdims=keepdims),
    lambda y_bar, y, x, axis, keepdims: _spread(y_bar, x, axis, keepdims),
    symbol="Σ",
)
_mean = Primitive(
    "mean",
    kernels.mean,
    lambda y_bar, y, x, axis, keepdims: _spread(y_bar / (x.size // (y.size or 1)), x, axis, keepdims),
)
_max = Primitive("max", lambda x, axis, keepdims: x.max(axis=axis, keepdims=keepdims), _share_among_winners)
_min = Primitive("min", lambda x, axis, keepdims: x.min(axis=axis, keepdims=keepdims), _share_among_winners)
_logsumexp = Primitive(
    "logsumexp",
    kernels.logsumexp,
    lambda y_bar, y, x, axis, keepdims: _expand(y_bar, axis, keepdims) * softmax(x, axis=axis),
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
    """The sum over one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.sum(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    Tensor([4., 6.])
    """
    return _sum(x, axis=axis, keepdims=keepdims)


@implements(np.mean)
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean over one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]))
    Tensor(3.)
    """
    return _mean(x, axis=axis, keepdims=keepdims)


@implements(np.amax)
@implements(np.max)
def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element over one axis, several, or all; elements that tie share the error signal equally.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> mg.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """
    return _max(x, axis=axis, keepdims=keepdims)


@implements(np.amin)
@implements(np.min)
def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element over one axis, several, or all; elements that tie share the error signal equally.

    >>> import minigrad as mg
    >>> mg.min(mg.Tensor([1.0, 5.0]))
    Tensor(1.)
    """
    return _min(x, axis=axis, keepdims=keepdims)


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """log Σ exp(x), without overflow: the largest element is taken out before exponentiating.

    >>> import minigrad as mg
    >>> mg.logsumexp(mg.Tensor([1000.0, 1000.0]))
    Tensor(1000.69314718)
    """
    return _logsumexp(x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: Axis = -1) -> Any:
    """exp(x) / Σ exp(x) along an axis, without overflow: positive numbers that sum to 1.

    >>> import minigrad as mg
    >>> mg.softmax(mg.Tensor([1000.0, 1000.0]))
    Tensor([0.5, 0.5])
    """
    return _softmax(x, axis=axis)


def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """log softmax(x) along an axis, exact also where softmax(x) underflows to 0.

    >>> import minigrad as mg
    >>> mg.log_softmax(mg.Tensor([0.0, 1000.0]))
    Tensor([-1000.,     0.])
    """
    return _log_softmax(x, axis=axis)
