"""A function of vectors applied along an axis, and a reduction over several axes one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.rules.convert_arguments import as_array, as_arrays
from minigrad.rules.manipulation.join import stack
from minigrad.rules.manipulation.shape import expand_dims, reshape
from minigrad.rules.manipulation.transpose import moveaxis
from minigrad.typing import Array

__all__ = ["apply_along_axis", "apply_over_axes"]


@implements(np.apply_along_axis)
def apply_along_axis(function: Callable[..., Any], axis: int, x: Array, /, *args: Any, **params: Any) -> Array:
    """`function` of every vector along an axis; gradients flow through its calls.

    Arguments:
        function: takes a vector, and `args` and `params`, and returns a number or an array, of the same shape for all.
        axis: that of the vectors; in the result the axes of what the function returns take its place.

    Raises:
        ValueError: if there is no vector, or the function returns different shapes.

    >>> import minigrad as mg
    >>> mg.apply_along_axis(lambda v: v[0] * v[1], 1, mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([ 2., 12.])
    """
    x = as_array(x, "apply_along_axis")
    axis = normalize_axis_index(axis, x.ndim)
    rows = moveaxis(x, axis, -1)
    if 0 in rows.shape[:-1]:
        raise ValueError(f"apply_along_axis: got shape {x.shape}, in which there is no vector along axis {axis}")
    results = [function(rows[place], *args, **params) for place in np.ndindex(rows.shape[:-1])]
    y = stack(as_arrays(results, "apply_along_axis"))
    y = reshape(y, (*rows.shape[:-1], *y.shape[1:]))
    first, last = rows.ndim - 1, y.ndim
    return moveaxis(y, tuple(range(first, last)), tuple(range(axis, axis + last - first)))


@implements(np.apply_over_axes)
def apply_over_axes(function: Callable[[Array, int], Array], x: Array, axes: int | Sequence[int]) -> Array:
    """A reduction over several axes, one after the other: ``function(x, axis)`` for each.

    Arguments:
        function: returns an array with the axis at length 1, or without it.

    Returns:
        An array with as many axes as `x`.

    Raises:
        ValueError: if the function returns any other number of axes.

    >>> import minigrad as mg
    >>> mg.apply_over_axes(mg.sum, mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), (0, 1))
    Tensor([[10.]])
    """
    y = as_array(x, "apply_over_axes")
    ndim = y.ndim
    for axis in np.atleast_1d(axes).tolist():
        axis = normalize_axis_index(axis, ndim)
        y = as_array(function(y, axis), "apply_over_axes")
        if y.ndim == ndim - 1:
            y = expand_dims(y, axis)
        if y.ndim != ndim:
            raise ValueError(
                f"apply_over_axes: the function returned shape {y.shape} for {ndim} axes, expected as many or one less"
            )
    return y
