"""The product over axes.

The derivative with respect to a factor is the product of all others. Where no factor is 0, it is y / x. Where one is,
nothing is divided: the others are multiplied, so that one zero, several, and derivatives of any order are right. So it
is where the product of all leaves the range of the dtype.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import prod as kernels
from minigrad.rules.axes import as_rows, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions.keywords.keywords import as_initial, in_dtype, included, reduction_arguments
from minigrad.rules.reductions.linear_recurrence import exclusive_cumprod, is_first, is_normal, recurrence
from minigrad.typing import Array, Axis

__all__ = ["prod"]


def _shift_right(x: Array) -> Array:
    """Every element moved on by one place along the last axis: 0, x₀, x₁, …"""
    earlier = [max(i - 1, 0) for i in range(x.shape[-1])]
    return where(is_first(x), 0, x[..., earlier])


def _others_rule(y_bar: Array, y: Array, x: Array) -> Array:
    """The error signal of factors, from that of the products of others: yᵢ = (x₀ … xᵢ₋₁) (xᵢ₊₁ … xₙ)."""
    before, after = exclusive_cumprod(x), exclusive_cumprod(x[..., ::-1])[..., ::-1]
    from_before = recurrence(x[..., :-1], _shift_right(y_bar * before))
    from_after = recurrence(x[..., :0:-1], _shift_right((y_bar * after)[..., ::-1]))[..., ::-1]
    return from_before * after + before * from_after


_products_of_others: Primitive = Primitive("products_of_others", kernels.products_of_others, _others_rule, symbol="Π")


def _prod_rule(y_bar: Array, y: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    if np.all(is_normal(y)):
        return restore_axes(y_bar * y, axis, keepdims) / x
    rows, undo = as_rows(x, axis)
    return restore_axes(y_bar, axis, keepdims) * undo(_products_of_others(rows))


_prod = Primitive(
    "prod", lambda x, axis, keepdims: x.prod(axis=axis, keepdims=keepdims), _prod_rule, symbol="Π", axes=along_axis
)


@implements(np.prod)
def prod(
    x: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    *,
    keepdims: bool = False,
    initial: Array = None,
    where: Array = True,
) -> Array:
    """The product over one axis, several, or all; the empty product is 1.

    Arguments:
        dtype: in which to multiply; that of `x` by default.
        initial: a number that the product is multiplied by.
        where: truth values, which broadcast to the shape of `x`: the factors. The others get no error signal.

    >>> import minigrad as mg
    >>> x = mg.Tensor([2.0, 0.0, 5.0], requires_grad=True)
    >>> mg.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.])
    """
    x, axis = reduction_arguments("prod", x, axis, dtype)
    if where is not True:
        x = included("prod", x, where, 1)
    y = _prod(x, axis=axis, keepdims=keepdims)
    if dtype is not None:  # small whole numbers are multiplied in larger ones
        y = in_dtype("prod", y, dtype)
    return y if initial is None else y * as_initial("prod", initial, y)
