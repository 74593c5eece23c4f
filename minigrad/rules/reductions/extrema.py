"""Reductions over axes: sum, mean, max, min, logsumexp, and softmax, which divides by one.

What was summed receives the error signal of the sum: the rules spread it back over the axes. Everywhere an axis
is a number, a tuple of numbers or `None` for all, and ``keepdims=True`` leaves the axes there with length 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import extrema as kernels
from minigrad.rules.axes import array_and_axis, as_array, expand
from minigrad.rules.manipulation.select import where
from minigrad.typing import Axis

__all__ = ["max", "min", "ptp"]


def share_among_winners(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """The error signal of the largest or smallest element, to all that equal it; NaN wins against all numbers."""
    best = expand(y, axis, keepdims)
    won = np.equal(x, best) | np.isnan(x) if np.any(np.isnan(y)) else x == best
    winners = np.sum(where(won, np.ones_like(x), 0), axis=axis, keepdims=True)
    return where(won, expand(y_bar, axis, keepdims) / winners, 0)


_max = Primitive("max", kernels.largest, share_among_winners)
_min = Primitive("min", kernels.smallest, share_among_winners)


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
    x, axis = array_and_axis(x, axis, "max")
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
    x, axis = array_and_axis(x, axis, "min")
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
