"""The largest and the smallest element over axes, and their difference."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions import extrema as kernels
from minigrad.rules.axes import as_array_and_axis, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.select import where
from minigrad.typing import Array, Axis

__all__ = ["max", "min", "ptp"]


def share_among_ties(y_bar: Array, y: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """The error signal of the largest or smallest element, shared equally among its ties; NaN wins against numbers."""
    extremum = restore_axes(y, axis, keepdims)
    tied = np.equal(x, extremum) | np.isnan(x) if np.any(np.isnan(y)) else x == extremum
    one = np.ones_like(x, dtype=np.promote_types(x.dtype, np.float32))  # float16 cannot count beyond 65504
    count = np.sum(where(tied, one, 0), axis=axis, keepdims=True)
    return in_single_precision(lambda y_bar: where(tied, restore_axes(y_bar, axis, keepdims) / count, 0), y_bar)


_max = Primitive("max", kernels.largest, share_among_ties, axes=along_axis)
_min = Primitive("min", kernels.smallest, share_among_ties, axes=along_axis)


@implements(np.amax)
@implements(np.max)
def max(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The largest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN counts as larger than any number, as in NumPy, and gets the error signal.

    Raises:
        ValueError: if `x` is empty along these axes.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> mg.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """
    x, axis = as_array_and_axis(x, axis, "max")
    return _max(x, axis=axis, keepdims=keepdims)


@implements(np.amin)
@implements(np.min)
def min(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The smallest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN counts as smaller than any number, as in NumPy, and gets the error signal.

    Raises:
        ValueError: if `x` is empty along these axes.

    >>> import minigrad as mg
    >>> mg.min(mg.Tensor([1.0, 5.0]))
    Tensor(1.)
    """
    x, axis = as_array_and_axis(x, axis, "min")
    return _min(x, axis=axis, keepdims=keepdims)


@implements(np.ptp)
def ptp(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Peak to peak: the largest element minus the smallest, over one axis, several, or all.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 9.0, 4.0], requires_grad=True)
    >>> mg.ptp(x).backward()
    >>> x.grad
    array([-1.,  1.,  0.])
    """
    x = as_array(x, "ptp")
    return max(x, axis, keepdims) - min(x, axis, keepdims)
