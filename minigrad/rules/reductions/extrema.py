"""The largest and the smallest element over axes, and their difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions import extrema as kernels
from minigrad.rules.axes import as_array_and_axis, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.extrema import maximum, minimum
from minigrad.rules.manipulation import select
from minigrad.rules.reductions.keywords.keywords import as_initial, included
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array, Axis

__all__ = ["max", "min", "ptp"]


def share_among_ties(y_bar: Array, y: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """The error signal of the largest or smallest element, shared equally among its ties; NaN wins against numbers."""
    extremum = restore_axes(y, axis, keepdims)
    tied = np.equal(x, extremum) | np.isnan(x) if np.any(np.isnan(y)) else x == extremum
    one = np.ones_like(x, dtype=np.promote_types(x.dtype, np.float32))  # float16 cannot count beyond 65504
    count = np.sum(select.where(tied, one, 0), axis=axis, keepdims=True)
    return in_single_precision(lambda y_bar: select.where(tied, restore_axes(y_bar, axis, keepdims) / count, 0), y_bar)


_max = Primitive("max", kernels.largest, share_among_ties, axes=along_axis)
_min = Primitive("min", kernels.smallest, share_among_ties, axes=along_axis)


@implements(np.amax)
@implements(np.max)
def max(x: Array, axis: Axis = None, *, keepdims: bool = False, initial: Array = None, where: Array = True) -> Array:
    """The largest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN counts as larger than any number, as in NumPy, and gets the error signal.

    Arguments:
        initial: the result is at least this number, as with `maximum`; it is the result where there is no element.
        where: truth values, which broadcast to the shape of `x`: the elements to look at; with `initial` only.

    Raises:
        ValueError: if `x` is empty along these axes, or `where` is given, without `initial`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> mg.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """
    x, axis = as_array_and_axis(x, axis, "max")
    if initial is None and where is True:
        return _max(x, axis=axis, keepdims=keepdims)
    return _from(initial, "max", maximum, _max, _bounds(x)[0], x, axis, keepdims, where)


@implements(np.amin)
@implements(np.min)
def min(x: Array, axis: Axis = None, *, keepdims: bool = False, initial: Array = None, where: Array = True) -> Array:
    """The smallest element over one axis, several, or all; elements that tie share the error signal equally.

    NaN counts as smaller than any number, as in NumPy, and gets the error signal.

    Arguments:
        initial: the result is at most this number, as with `minimum`; it is the result where there is no element.
        where: truth values, which broadcast to the shape of `x`: the elements to look at; with `initial` only.

    Raises:
        ValueError: if `x` is empty along these axes, or `where` is given, without `initial`.

    >>> import minigrad as mg
    >>> mg.min(mg.Tensor([1.0, 5.0]))
    Tensor(1.)
    """
    x, axis = as_array_and_axis(x, axis, "min")
    if initial is None and where is True:
        return _min(x, axis=axis, keepdims=keepdims)
    return _from(initial, "min", minimum, _min, _bounds(x)[1], x, axis, keepdims, where)


def _bounds(x: Array) -> tuple[Any, Any]:
    """The smallest and the largest number of the dtype: of no elements they are the largest and the smallest."""
    if x.dtype.kind == "b":
        return False, True
    if x.dtype.kind in "iu":
        return np.iinfo(x.dtype).min, np.iinfo(x.dtype).max
    return -np.inf, np.inf


def _from(
    initial: Array,
    name: str,
    of_two: Callable[[Array, Array], Array],
    of_all: Callable[..., Array],
    of_none: Any,
    x: Array,
    axis: Axis,
    keepdims: bool,
    where: Array,
) -> Array:
    """The largest or smallest of `initial` and the elements that are included."""
    if initial is None:
        raise ValueError(
            f"{name}: where may leave out every element, and then there is none to choose; give initial=, the result "
            "for that case, such as initial=-np.inf"
        )
    if where is not True:
        x = included(name, x, where, of_none)
    y = of_all(x, axis=axis, keepdims=keepdims) if x.size else sum(x, axis, x.dtype, keepdims=keepdims) + of_none
    return of_two(y, as_initial(name, initial, y))


@implements(np.ptp)
def ptp(x: Array, axis: Axis = None, *, keepdims: bool = False) -> Array:
    """Peak to peak: the largest element minus the smallest, over one axis, several, or all.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 9.0, 4.0], requires_grad=True)
    >>> mg.ptp(x).backward()
    >>> x.grad
    array([-1.,  1.,  0.])
    """
    x = as_array(x, "ptp")
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)
