"""The sum over axes; the rules of sum and mean broadcast the error signal back over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.axes import restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.rules.reductions.keywords.keywords import as_initial, in_dtype, included, reduction_arguments
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
def sum(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    keepdims: bool = False,
    initial: Array = None,
    where: Array = True,
) -> Array:
    """The sum over one axis, several, or all; the empty sum is 0.

    Arguments:
        dtype: in which to add; that of `x` by default.
        initial: a number that is added to the sum.
        where: truth values, which broadcast to the shape of `x`: the elements to add. The others get no error signal.

    >>> import minigrad as mg
    >>> mg.sum(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    Tensor([4., 6.])
    >>> mg.sum(mg.Tensor([1.0, 2.0, 4.0]), where=[True, False, True])
    Tensor(5.)
    """
    x, axis = reduction_arguments("sum", x, axis, dtype)
    if where is not True:
        x = included("sum", x, where, 0)
    y = _sum(x, axis=axis, keepdims=keepdims)
    if dtype is not None:  # small whole numbers are added in larger ones
        y = in_dtype("sum", y, dtype)
    return y if initial is None else y + as_initial("sum", initial, y)
