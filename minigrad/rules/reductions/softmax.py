"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import softmax as kernels
from minigrad.rules.axes import array_and_axis, expand
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions.extrema import share_among_winners
from minigrad.typing import Axis

__all__ = ["log_softmax", "logsumexp", "softmax"]


def _exponential_shares(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """ȳ to each element by its share of Σ exp(x); infinities that tie share equally, as equal numbers do."""
    if not x.size or not np.any(np.isinf(y)):
        return expand(y_bar, axis, keepdims) * softmax(x, axis=axis)
    infinite = np.isinf(expand(y, axis, keepdims))
    shares = expand(y_bar, axis, keepdims) * softmax(where(infinite, 0, x), axis=axis)
    return where(infinite, share_among_winners(y_bar, y, x, axis, keepdims), shares)


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


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """log Σ exp(x), without overflow: the largest element is taken out before exponentiating.

    Where every element is −∞, as where there is none, it is log 0 = −∞. Infinities that tie share the error signal
    equally.

    >>> import minigrad as mg
    >>> mg.logsumexp(mg.Tensor([1000.0, 1000.0]))
    Tensor(1000.69314718)
    """
    x, axis = array_and_axis(x, axis, "logsumexp")
    return _logsumexp(x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: Axis = -1) -> Any:
    """exp(x) / Σ exp(x) along an axis, without overflow: positive numbers that sum to 1.

    Where every element is −∞ there is nothing to share 1 among: NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.softmax(mg.Tensor([1000.0, 1000.0]))
    Tensor([0.5, 0.5])
    """
    x, axis = array_and_axis(x, axis, "softmax")
    return _softmax(x, axis=axis)


def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """log softmax(x) along an axis, exact also where softmax(x) underflows to 0.

    >>> import minigrad as mg
    >>> mg.log_softmax(mg.Tensor([0.0, 1000.0]))
    Tensor([-1000.,     0.])
    """
    x, axis = array_and_axis(x, axis, "log_softmax")
    return _log_softmax(x, axis=axis)
