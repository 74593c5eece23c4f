"""Cumulative sums and products along an axis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements, numpy_functions
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.axes import as_rows, ravel_if_no_axis
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.reductions.keywords.keywords import in_dtype
from minigrad.rules.reductions.linear_recurrence import exclusive_cumprod, is_normal, reverse_recurrence
from minigrad.typing import Array

__all__ = ["cumprod", "cumsum", "cumulative_prod", "cumulative_sum"]


def _reverse_cumsum(y_bar: Array, axis: int) -> Array:
    """An element is in its own sum and all that follow: their error signals are added, from the end."""
    reverse = index_along(axis, slice(None, None, -1))
    return in_single_precision(lambda y_bar: np.cumsum(y_bar[reverse], axis=axis)[reverse], y_bar)


def _cumprod_rule(y_bar: Array, y: Array, x: Array, axis: int) -> Array:
    """An element is a factor of its own product and all that follow; where one is 0, nothing is divided by it."""
    if np.all(is_normal(y)):
        return _reverse_cumsum(y_bar * y, axis) / x
    rows, undo = as_rows(x, axis)
    return undo(exclusive_cumprod(rows) * reverse_recurrence(rows[..., 1:], as_rows(y_bar, axis)[0]))


_cumsum = Primitive(
    "cumsum",
    lambda x, axis: x.cumsum(axis=axis),
    lambda y_bar, y, x, axis: _reverse_cumsum(y_bar, axis),
    axes=along_axis,
)
_cumprod = Primitive("cumprod", lambda x, axis: x.cumprod(axis=axis), _cumprod_rule, axes=along_axis)


@implements(np.cumsum)
def cumsum(x: Array, axis: int | None = None, dtype: DTypeLike | None = None) -> Array:
    """The sums of the first one, two, three … elements along an axis; of the flattened array, if none is given.

    Arguments:
        dtype: in which to compute; that of `x` by default.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> y = mg.cumsum(x)
    >>> y.backward([1.0, 10.0, 100.0])
    >>> y, x.grad
    (Tensor([1., 3., 6.], made by cumsum), array([111., 110., 100.]))
    """
    x, axis = ravel_if_no_axis(as_array(x, "cumsum"), axis)
    return _in_dtype("cumsum", _cumsum, x, axis, dtype)


@implements(np.cumprod)
def cumprod(x: Array, axis: int | None = None, dtype: DTypeLike | None = None) -> Array:
    """The products of the first one, two, three … elements along an axis; of the flattened array, if none is given.

    Arguments:
        dtype: in which to compute; that of `x` by default.

    >>> import minigrad as mg
    >>> mg.cumprod(mg.Tensor([2.0, 3.0, 4.0]))
    Tensor([ 2.,  6., 24.])
    """
    x, axis = ravel_if_no_axis(as_array(x, "cumprod"), axis)
    return _in_dtype("cumprod", _cumprod, x, axis, dtype)


def _in_dtype(name: str, cumulative: Primitive, x: Array, axis: int, dtype: DTypeLike | None) -> Array:
    """What is computed in a dtype, in it: small whole numbers are added and multiplied in larger ones."""
    if dtype is None:
        return cumulative(x, axis=axis)
    return in_dtype(name, cumulative(in_dtype(name, x, dtype), axis=axis), dtype)


# ---------------------------------------------------------------- the names of the array API
def cumulative_sum(
    x: Array, *, axis: int | None = None, dtype: DTypeLike | None = None, include_initial: bool = False
) -> Array:
    """`cumsum` along an axis, which may be left out for a vector alone.

    Arguments:
        dtype: in which to compute; that of `x` by default.
        include_initial: whether the sum of no elements, 0, comes first.

    Raises:
        ValueError: if `x` has several axes, and none is given.

    >>> import minigrad as mg
    >>> mg.cumulative_sum(mg.Tensor([1.0, 2.0, 3.0]), include_initial=True)
    Tensor([0., 1., 3., 6.])
    """
    x, axis = _vector_or_axis("cumulative_sum", x, axis)
    y = cumsum(x, axis, dtype)
    return _after(np.zeros_like, y, axis) if include_initial else y


def cumulative_prod(
    x: Array, *, axis: int | None = None, dtype: DTypeLike | None = None, include_initial: bool = False
) -> Array:
    """`cumprod` along an axis, which may be left out for a vector alone.

    Arguments:
        dtype: in which to compute; that of `x` by default.
        include_initial: whether the product of no elements, 1, comes first.

    Raises:
        ValueError: if `x` has several axes, and none is given.

    >>> import minigrad as mg
    >>> mg.cumulative_prod(mg.Tensor([2.0, 3.0, 4.0]))
    Tensor([ 2.,  6., 24.])
    """
    x, axis = _vector_or_axis("cumulative_prod", x, axis)
    y = cumprod(x, axis, dtype)
    return _after(np.ones_like, y, axis) if include_initial else y


def _vector_or_axis(name: str, x: Array, axis: int | None) -> tuple[Array, int]:
    x = as_array(x, name)
    if not x.ndim or (axis is None and x.ndim > 1):
        raise ValueError(f"{name}: got shape {x.shape} and axis={axis}, expected a vector, or an axis")
    return ravel_if_no_axis(x, axis)


def _after(initial: Callable[[Array], Array], y: Array, axis: int) -> Array:
    """y after one slice of initial values."""
    return concatenate([initial(y.sum(axis=axis, keepdims=True)), y], axis)


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    numpy_functions[np.cumulative_sum] = cumulative_sum
    numpy_functions[np.cumulative_prod] = cumulative_prod
