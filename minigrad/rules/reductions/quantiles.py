"""Median, quantiles, and percentiles, by linear interpolation of the sorted elements."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.kernels.complex import require_real
from minigrad.rules.axes import as_array_and_axis, as_rows, axis_tuple
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.sort import sort
from minigrad.typing import Array, Axis

__all__ = ["median", "percentile", "quantile"]


@implements(np.median)
def median(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The middle element in sorted order, or the mean of the two in the middle, over one axis, several, or all.

    Only the elements in the middle get an error signal. It is NaN if any element is, as in NumPy, or if there is none.

    >>> import minigrad as mg
    >>> x = mg.Tensor([9.0, 1.0, 2.0, 5.0], requires_grad=True)
    >>> mg.median(x).backward()
    >>> x.grad
    array([0. , 0. , 0.5, 0.5])
    """
    x, axis = as_array_and_axis(x, axis, "median")
    return _quantile(x, np.asarray(0.5), axis, keepdims)


@implements(np.quantile)
def quantile(x: Array, q: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The value below which the fraction `q` of the elements lies, over one axis, several, or all.

    It stands at position q (n − 1) of the n sorted elements, counted from 0; between two positions it is interpolated
    linearly.

    Arguments:
        q: from 0 to 1, without a gradient; for an array, the output has the axes of `q` in front.

    Raises:
        TypeError: if `x` is complex, as in NumPy: a complex number does not lie below another.
        ValueError: if `q` is not between 0 and 1.

    >>> import minigrad as mg
    >>> mg.quantile(mg.Tensor([10.0, 20.0, 30.0]), [0.25, 1.0])
    Tensor([15., 30.])
    """
    x, axis = as_array_and_axis(x, axis, "quantile")
    if getattr(q, "requires_grad", False):
        raise TypeError("quantile: q requires gradients, but has no derivative here; pass q.numpy()")
    require_real(x, "quantile")
    require_real(q, "quantile")
    q = np.asarray(as_array(q, "quantile"), dtype=float)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError(f"quantile: q is a fraction from 0 to 1; got {q} (percentile takes 0 to 100)")
    return _quantile(x, q, axis, keepdims)


def _quantile(x: Array, q: Array, axis: Axis, keepdims: bool) -> Array:
    axes = axis_tuple(axis, x.ndim)
    rows, along = (x, axes[0]) if len(axes) == 1 else (as_rows(x, axis)[0], -1)
    if not rows.shape[along]:  # undefined like the mean of nothing, which warns as NumPy does
        undefined = np.mean(x, axis=axis, keepdims=keepdims)
        return np.broadcast_to(undefined, q.shape + undefined.shape)
    along %= rows.ndim
    y = _interpolate_sorted(sort(rows, axis=along), q, along)
    if not keepdims:
        return y
    return y.reshape(q.shape + tuple(1 if i in axes else n for i, n in enumerate(x.shape)))


@implements(np.percentile)
def percentile(x: Array, q: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The value below which `q` per cent of the elements lie: ``quantile(x, q / 100)``.

    Arguments:
        q: from 0 to 100, without a gradient; for an array, the output has the axes of `q` in front.

    >>> import minigrad as mg
    >>> mg.percentile(mg.Tensor([10.0, 20.0, 30.0]), 50)
    Tensor(20.)
    """
    return quantile(x, q if getattr(q, "requires_grad", False) else as_array(q, "percentile") / 100, axis, keepdims)


def _interpolate_sorted(x: Array, q: Array, axis: int) -> Array:
    """The values at the fractions q of the sorted x, interpolated between the two nearest positions."""

    def at(positions: Array) -> Array:
        return x[index_along(axis, positions)]

    last = x.shape[axis] - 1
    position = q.reshape(-1) * last
    below = np.floor(position).astype(int)
    fraction = (position - below).astype(x.dtype if x.dtype.kind == "f" else float)
    if q.ndim == 0:
        i, f = int(below[0]), float(fraction[0])
        y = (1 - f) * at(i) + f * at(i + 1) if f else 1.0 * at(i)
    else:
        lower, upper = at(below.tolist()), at(np.minimum(below + 1, last).tolist())
        fraction = to_device(fraction, device_of(x)).reshape(-1, *[1] * (x.ndim - 1 - axis))
        y = (1 - fraction) * lower + fraction * where(fraction == 0, 0, upper)  # 0 · ∞ would be NaN
        front = (axis, *[i for i in range(x.ndim) if i != axis])
        y = (y if axis == 0 else y.transpose(front)).reshape(q.shape + x.shape[:axis] + x.shape[axis + 1 :])
    undefined = np.isnan(at(-1))  # NaN is sorted to the end
    return where(undefined, at(-1), y) if np.any(undefined) else y
