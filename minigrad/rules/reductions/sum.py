"""The sum over axes; the rules of sum and mean broadcast the error signal back over them."""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.axes import as_array_and_axis, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.typing import Array, Axis

__all__ = ["sum"]


def broadcast_back(y_bar: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """The error signal of a sum, for each of its terms."""
    return broadcast_to(restore_axes(y_bar, axis, keepdims), x.shape)


_sum = Primitive(
    "sum",
    lambda x, axis, keepdims: x.sum(axis=axis, keepdims=keepdims),
    lambda y_bar, y, x, axis, keepdims: broadcast_back(y_bar, x, axis, keepdims),
    symbol="Σ",
    axes=along_axis,
)


@implements(np.sum)
def sum(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """The sum over one axis, several, or all; the empty sum is 0.

    >>> import minigrad as mg
    >>> mg.sum(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    Tensor([4., 6.])
    """
    x, axis = as_array_and_axis(x, axis, "sum")
    return _sum(x, axis=axis, keepdims=keepdims)
