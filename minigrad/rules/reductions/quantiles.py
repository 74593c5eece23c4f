"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.rules.axes import array_and_axis, as_array, axes_of, in_rows
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.sort import sort_primitive
from minigrad.typing import Axis

__all__ = ["median", "percentile", "quantile"]


@implements(np.median)
def median(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The element in the middle of the order, or the mean of the two, over one axis, several, or all.

    The error signal goes to those in the middle alone. NaN makes it NaN, as in NumPy; so does having nothing.

    >>> import minigrad as mg
    >>> x = mg.Tensor([9.0, 1.0, 2.0, 5.0], requires_grad=True)
    >>> mg.median(x).backward()
    >>> x.grad
    array([0. , 0. , 0.5, 0.5])
    """
    return quantile(x, 0.5, axis, keepdims)


@implements(np.quantile)
def quantile(x: Any, q: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """What the share `q` of the elements lies below, over one axis, several, or all.

    It lies at place q (n − 1) of the n elements in order, counted from 0; between two places the straight line
    between their elements is taken.

    Arguments:
        q: from 0 to 1, a constant; for an array of them the result has the axes of `q` in front.

    Raises:
        ValueError: if `q` lies outside.

    >>> import minigrad as mg
    >>> mg.quantile(mg.Tensor([10.0, 20.0, 30.0]), [0.25, 1.0])
    Tensor([15., 30.])
    """
    x, axis = array_and_axis(x, axis, "quantile")
    if getattr(q, "requires_grad", False):
        raise TypeError("quantile: q is a constant, and no gradient flows to it; pass q.numpy()")
    q = np.asarray(as_array(q, "quantile"), dtype=float)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError(f"quantile: q is a share of the elements, from 0 to 1; got {q} (percentile counts to 100)")
    axes = axes_of(axis, x.ndim)
    rows, along = (x, axes[0]) if len(axes) == 1 else (in_rows(x, axis)[0], -1)
    if not rows.shape[along]:  # the mean of nothing is as undefined, and warns as NumPy does
        nothing = np.mean(x, axis=axis, keepdims=keepdims)
        return np.broadcast_to(nothing, q.shape + nothing.shape)
    along %= rows.ndim
    y = _at_shares(sort_primitive(rows, axis=along), q, along)
    if not keepdims:
        return y
    return y.reshape(q.shape + tuple(1 if i in axes else n for i, n in enumerate(x.shape)))


@implements(np.percentile)
def percentile(x: Any, q: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """What `q` per cent of the elements lie below: ``quantile(x, q / 100)``.

    Arguments:
        q: from 0 to 100, a constant; for an array of them the result has the axes of `q` in front.

    >>> import minigrad as mg
    >>> mg.percentile(mg.Tensor([10.0, 20.0, 30.0]), 50)
    Tensor(20.)
    """
    return quantile(x, q if getattr(q, "requires_grad", False) else as_array(q, "percentile") / 100, axis, keepdims)


def _at_shares(x: Any, q: Any, axis: int) -> Any:
    """What stands at these shares of an array in order, on a straight line between the places next to them."""

    def at(places: Any) -> Any:
        return x[index_along(axis, places)]

    last = x.shape[axis] - 1
    place = q.reshape(-1) * last
    below = np.floor(place).astype(int)
    share = (place - below).astype(x.dtype if x.dtype.kind == "f" else float)
    if q.ndim == 0:
        i, f = int(below[0]), float(share[0])
        y = (1 - f) * at(i) + f * at(i + 1) if f else 1.0 * at(i)
    else:
        lower, upper = at(below.tolist()), at(np.minimum(below + 1, last).tolist())
        share = to_device(share, device_of(x)).reshape(-1, *[1] * (x.ndim - 1 - axis))
        y = (1 - share) * lower + share * where(share == 0, 0, upper)  # for 0 · ∞ is not a number
        front = (axis, *[i for i in range(x.ndim) if i != axis])
        y = (y if axis == 0 else y.transpose(front)).reshape(q.shape + x.shape[:axis] + x.shape[axis + 1 :])
    undefined = np.isnan(at(-1))  # NaN comes last in order
    return where(undefined, at(-1), y) if np.any(undefined) else y
