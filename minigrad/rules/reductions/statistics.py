"""How far numbers are spread: var and std; and the mean where some count for more than others."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import statistics as kernels
from minigrad.rules.axes import array_and_axis, as_array, axes_of, expand
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.reductions.sum import broadcast_back
from minigrad.rules.safe_math import safe_divide
from minigrad.typing import Axis

__all__ = ["average", "mean", "std", "var"]

_mean = Primitive(
    "mean",
    kernels.mean,
    lambda y_bar, y, x, axis, keepdims: broadcast_back(y_bar / (x.size // (y.size or 1) or 1), x, axis, keepdims),
)


@implements(np.mean)
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean over one axis, several, or all; that of nothing is NaN, with NumPy's warning.

    >>> import minigrad as mg
    >>> mg.mean(mg.Tensor([1.0, 2.0, 6.0]))
    Tensor(3.)
    """
    x, axis = array_and_axis(x, axis, "mean")
    return _mean(x, axis=axis, keepdims=keepdims)


def _from_mean(x: Any, axis: Axis) -> Any:
    return x - np.mean(x, axis=axis, keepdims=True)


def _freedom(x: Any, y: Any, ddof: float) -> float:
    """What the sum of squares was divided by; where that is nothing, there is no variance and no derivative."""
    count = x.size // (y.size or 1) - ddof
    return count if count > 0 else np.nan


_var = Primitive(
    "var",
    lambda x, axis, ddof, keepdims: x.var(axis=axis, ddof=ddof, keepdims=keepdims),
    lambda y_bar, y, x, axis, ddof, keepdims: (
        2 * expand(y_bar, axis, keepdims) * _from_mean(x, axis) / _freedom(x, y, ddof)
    ),
    symbol="Var",
)
_std = Primitive(
    "std",
    lambda x, axis, ddof, keepdims: x.std(axis=axis, ddof=ddof, keepdims=keepdims),
    lambda y_bar, y, x, axis, ddof, keepdims: (
        expand(safe_divide(y_bar, y), axis, keepdims) * _from_mean(x, axis) / _freedom(x, y, ddof)
    ),
)


def _ddof(name: str, ddof: float, correction: float | None) -> float:
    if correction is None:
        return ddof
    if ddof:
        raise ValueError(f"{name}: ddof={ddof} and correction={correction} are two names for one number; give one")
    return correction


@implements(np.var)
def var(x: Any, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None) -> Any:
    """The variance Σ (x − mean(x))² / (n − ddof) over one axis, several, or all.

    The mean is taken first and the squares of what is left are added up, so that no digits are lost where the
    numbers are large and their spread small.

    Arguments:
        ddof: 0 for the spread of these numbers, 1 to estimate that of what they were drawn from.
        correction: another name for `ddof`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 6.0], requires_grad=True)
    >>> mg.var(x, ddof=1).backward()
    >>> x.grad
    array([-2., -1.,  3.])
    """
    x, axis = array_and_axis(x, axis, "var")
    return _var(x, axis=axis, ddof=_ddof("var", ddof, correction), keepdims=keepdims)


@implements(np.std)
def std(x: Any, axis: Axis = None, ddof: float = 0, keepdims: bool = False, *, correction: float | None = None) -> Any:
    """The standard deviation, the root of the variance, over one axis, several, or all.

    Where all numbers are the same, and the root has no slope, the error signal is 0.

    Arguments:
        ddof: 0 for the spread of these numbers, 1 to estimate that of what they were drawn from.
        correction: another name for `ddof`.

    >>> import minigrad as mg
    >>> mg.std(mg.Tensor([1.0, 3.0]))
    Tensor(1.)
    """
    x, axis = array_and_axis(x, axis, "std")
    return _std(x, axis=axis, ddof=_ddof("std", ddof, correction), keepdims=keepdims)


@implements(np.average)
def average(x: Any, axis: Axis = None, weights: Any = None, keepdims: bool = False) -> Any:
    """The mean in which each element counts by its weight: Σ w x / Σ w.

    Arguments:
        weights: of the shape of `x`, or one for each place along the axes; all the same if not given.

    Raises:
        ValueError: if the shapes do not belong together.
        ZeroDivisionError: if the weights sum to 0.

    >>> import minigrad as mg
    >>> mg.average(mg.Tensor([1.0, 4.0]), weights=[2.0, 1.0])
    Tensor(2.)
    """
    x, axis = array_and_axis(x, axis, "average")
    if weights is None:
        return mean(x, axis, keepdims)
    weights = as_array(weights, "average", x)
    if weights.shape != x.shape:
        axes = axes_of(axis, x.ndim)
        if axis is None or weights.shape != tuple(x.shape[i] for i in axes):
            raise ValueError(
                f"average: weights have shape {weights.shape}, expected that of the array, {x.shape}, or one weight "
                "for each place along the axes that are named by axis="
            )
        weights = weights.transpose(tuple(map(int, np.argsort(axes))))
        weights = reshape(weights, tuple(n if i in axes else 1 for i, n in enumerate(x.shape)))
        weights = np.broadcast_to(weights, x.shape)
    total = weights.sum(axis=axis, keepdims=keepdims)
    if np.any(total == 0):
        raise ZeroDivisionError("average: the weights sum to 0, and no share of nothing can be given")
    return (weights * x).sum(axis=axis, keepdims=keepdims) / total
