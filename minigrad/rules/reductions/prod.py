"""Products of many factors: prod, and cumprod, which writes down every product on the way.

Each factor is multiplied by all others, and that product is its derivative. Where no factor is 0, it is y / x. Where
one is, nothing is divided: the product of the others is multiplied out, so that one zero, several, and derivatives
of any order are right.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import prod as kernels
from minigrad.rules.axes import array_and_axis, expand, in_rows
from minigrad.rules.manipulation.select import where
from minigrad.rules.reductions.recurrence import is_first, products_before, recurrence
from minigrad.typing import Axis

__all__ = ["prod"]


def _after(x: Any) -> Any:
    return products_before(x[..., ::-1])[..., ::-1]


def _moved_on(x: Any) -> Any:
    """Every element one place later: 0, x₀, x₁, …"""
    earlier = [max(i - 1, 0) for i in range(x.shape[-1])]
    return where(is_first(x), 0, x[..., earlier])


def _through_others(y_bar: Any, y: Any, x: Any) -> Any:
    before, after = products_before(x), _after(x)
    from_before = recurrence(x[..., :-1], _moved_on(y_bar * before))
    from_after = recurrence(x[..., :0:-1], _moved_on((y_bar * after)[..., ::-1]))[..., ::-1]
    return from_before * after + before * from_after


_others: Primitive = Primitive("products_of_others", kernels.products_of_others, _through_others, symbol="Π")


# ---------------------------------------------------------------- the products
def _one_factor(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    if not np.any(y == 0):
        return expand(y_bar * y, axis, keepdims) / x
    rows, back = in_rows(x, axis)
    return expand(y_bar, axis, keepdims) * back(_others(rows))


_prod = Primitive("prod", lambda x, axis, keepdims: x.prod(axis=axis, keepdims=keepdims), _one_factor, symbol="Π")


@implements(np.prod)
def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product over one axis, several, or all; the product of nothing is 1.

    >>> import minigrad as mg
    >>> x = mg.Tensor([2.0, 0.0, 5.0], requires_grad=True)
    >>> mg.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.])
    """
    x, axis = array_and_axis(x, axis, "prod")
    return _prod(x, axis=axis, keepdims=keepdims)
