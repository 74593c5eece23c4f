"""Linear interpolation between knots."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import Tensor
from minigrad.kernels.signal import interpolation as kernels
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.indexing import getitem, scatter
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.rules.nondifferentiable import NondifferentiableFunction
from minigrad.typing import Array

__all__ = ["interp"]


_segment = NondifferentiableFunction(kernels.segment)
_outside = NondifferentiableFunction(kernels.outside)


def _slope(x: Array, xp: Array, fp: Array) -> Array:
    """The slope of the line at each x; outside the knots the line is flat."""
    i, (before, after) = _segment(x, xp), _outside(x, xp)
    slope = (getitem(fp, i + 1) - getitem(fp, i)) / (getitem(xp, i + 1) - getitem(xp, i))
    return where(before | after, 0, slope) if np.any(before | after) else slope


def _distribute(y_bar: Array, x: Array, xp: Array) -> Array:
    """The error signals of all x at the knots: each x divides its own between the two knots around it."""
    i, (before, after) = _segment(x, xp), _outside(x, xp)
    t = (x - getitem(xp, i)) / (getitem(xp, i + 1) - getitem(xp, i))
    if np.any(before | after):
        t = where(before, 0, where(after, 1, t))
    return scatter(y_bar * (1 - t), index=i, shape=xp.shape) + scatter(y_bar * t, index=i + 1, shape=xp.shape)


_interp = Primitive(
    "interp",
    kernels.interp,
    lambda y_bar, y, x, xp, fp: y_bar * _slope(x, xp, fp),
    lambda y_bar, y, x, xp, fp: -_distribute(y_bar * _slope(x, xp, fp), x, xp),  # moving a knot moves its line
    lambda y_bar, y, x, xp, fp: _distribute(y_bar, x, xp),
)


@implements(np.interp)
def interp(
    x: Array, xp: Array, fp: Array, left: Array = None, right: Array = None, period: float | None = None
) -> Array:
    """Linear interpolation of a function given at knots; constant outside of them.

    At a knot, where the slope jumps, the derivative is that of the line to its right, which is flat at the last knot.

    Arguments:
        x: where to evaluate, of any shape.
        xp: the knots, increasing, shape ``(n,)``.
        fp: the values at the knots, shape ``(n,)``.
        left, right: the value before the first knot and after the last; by default the value at that knot.
        period: the length after which the function repeats itself: then knots may come in any order, and each `x` lies
            between two.

    Raises:
        ValueError: if there are no knots, they do not increase, or the number of values differs; if `period` is 0, or
            given together with `left` or `right`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.5, 1.5, 9.0], requires_grad=True)
    >>> y = mg.interp(x, [0.0, 1.0, 2.0], [0.0, 10.0, 40.0])
    >>> y.data
    array([ 5., 25., 40.])
    >>> y.sum().backward()
    >>> x.grad
    array([10., 30.,  0.])
    """
    x, xp, fp = (as_array(part, "interp", x, xp, fp) for part in (x, xp, fp))
    if len(xp.shape) != 1 or xp.shape != fp.shape or not xp.size:
        raise ValueError(
            f"interp: got knots of shape {xp.shape} and values of shape {fp.shape}, expected (n,) for both, n ≥ 1"
        )
    if period is not None:
        x, xp, fp = _in_one_period(x, xp, fp, period, left, right)
    knots = xp.data if isinstance(xp, Tensor) else xp
    falls = knots[1:] <= knots[:-1]
    if np.any(falls):
        i = int(np.argmax(falls))
        raise ValueError(
            f"interp: the knots must increase, but {knots[i]} is followed by {knots[i + 1]} (at {i + 1}); "
            "sort both by order = np.argsort(xp)"
        )
    y = _interp(x, xp, fp) if xp.size > 1 else broadcast_to(fp[0], x.shape)
    if left is not None:
        y = where(x < xp[0], left, y)
    return y if right is None else where(x > xp[-1], right, y)


def _in_one_period(x: Array, xp: Array, fp: Array, period: float, left: Array, right: Array) -> tuple[Array, ...]:
    """x and the knots within one period, in order; the last is repeated before the first, the first after the last."""
    if left is not None or right is not None:
        raise ValueError("interp: a periodic function has no left and no right end; leave out left= and right=")
    if not period:
        raise ValueError("interp: got period=0, expected the length after which the function repeats itself")
    period = abs(period)
    xp = xp % period
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    return (
        x % period,
        concatenate([xp[-1:] - period, xp, xp[:1] + period]),
        concatenate([fp[-1:], fp, fp[:1]]),
    )
