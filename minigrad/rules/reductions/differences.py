"""Differences along an axis, and the area under a curve by the trapezoidal rule."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.axes import index_along
from minigrad.rules.axes import ravel_if_no_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.typing import Array

__all__ = ["diff", "trapezoid"]


def _later_and_earlier(x: Array, axis: int) -> tuple[Array, Array]:
    """All neighbours along an axis: all elements but the first, and all but the last."""
    return x[index_along(axis, slice(1, None))], x[index_along(axis, slice(None, -1))]


@implements(np.diff)
def diff(x: Array, n: int = 1, axis: int = -1) -> Array:
    """Each element minus the one before it along an axis, `n` times over; each time the axis is one shorter.

    Raises:
        ValueError: if `n` is negative, or `x` is a single number.

    >>> import minigrad as mg
    >>> mg.diff(mg.Tensor([1.0, 4.0, 9.0, 16.0]))
    Tensor([3., 5., 7.])
    """
    x = as_array(x, "diff")
    if x.ndim == 0:
        raise ValueError("diff: got a single number (shape ()), expected an array with at least one axis")
    if n < 0:
        raise ValueError(f"diff: n, the number of times to take differences, is 0 or more; got {n}")
    x, axis = ravel_if_no_axis(x, axis)
    for _ in range(n):
        later, earlier = _later_and_earlier(x, axis)
        x = later != earlier if x.dtype == bool else later - earlier
    return x


@implements(np.trapezoid)
def trapezoid(y: Array, x: Array = None, dx: float = 1.0, axis: int = -1) -> Array:
    """The area under the piecewise linear curve through the points (x, y).

    Arguments:
        y: heights, along `axis`; the other axes hold further curves.
        x: positions of the heights, of the shape of `y` or one-dimensional; if not given, `dx` apart.

    >>> import minigrad as mg
    >>> y = mg.Tensor([0.0, 1.0, 4.0], requires_grad=True)
    >>> mg.trapezoid(y, x=[0.0, 1.0, 2.0])
    Tensor(3., made by sum)
    """
    y, axis = ravel_if_no_axis(as_array(y, "trapezoid"), axis)
    widths = dx
    if x is not None:
        x = as_array(x, "trapezoid", y)
        widths = diff(x, axis=axis if x.ndim > 1 else 0)
        if x.ndim == 1:
            widths = widths.reshape(-1, *[1] * (y.ndim - 1 - axis))
    later, earlier = _later_and_earlier(y, axis)
    return (widths * (later + earlier) / 2.0).sum(axis=axis)
