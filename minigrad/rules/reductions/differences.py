"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.axes import index_along
from minigrad.rules.axes import as_array, flattened

__all__ = ["diff", "trapezoid"]


@implements(np.diff)
def diff(x: Any, n: int = 1, axis: int = -1) -> Any:
    """Each element minus the one before it along an axis, `n` times over: one element less each time.

    Raises:
        ValueError: if `n` is negative, or `x` is a single number.

    >>> import minigrad as mg
    >>> mg.diff(mg.Tensor([1.0, 4.0, 9.0, 16.0]))
    Tensor([3., 5., 7.])
    """
    x = as_array(x, "diff")
    if x.ndim == 0:
        raise ValueError("diff: got a single number (shape ()), expected elements along an axis to compare")
    if n < 0:
        raise ValueError(f"diff: n says how many times to take differences, 0 or more; got {n}")
    x, axis = flattened(x, axis)
    for _ in range(n):
        later, earlier = x[index_along(axis, slice(1, None))], x[index_along(axis, slice(None, -1))]
        x = later != earlier if x.dtype == bool else later - earlier
    return x


@implements(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """The area under the curve through the points (x, y): under each straight piece a trapezoid.

    Arguments:
        y: heights; other axes than `axis` are curves of their own.
        x: where the heights are, of the shape of `y` or one-dimensional; evenly spaced by `dx` if not given.

    >>> import minigrad as mg
    >>> y = mg.Tensor([0.0, 1.0, 4.0], requires_grad=True)
    >>> mg.trapezoid(y, x=[0.0, 1.0, 2.0])
    Tensor(3., made by sum)
    """
    y, axis = flattened(as_array(y, "trapezoid"), axis)
    widths = dx
    if x is not None:
        x = as_array(x, "trapezoid", y)
        widths = diff(x, axis=axis if x.ndim > 1 else 0)
        if x.ndim == 1:
            widths = widths.reshape(-1, *[1] * (y.ndim - 1 - axis))
    return (widths * (y[index_along(axis, slice(1, None))] + y[index_along(axis, slice(None, -1))]) / 2.0).sum(
        axis=axis
    )
