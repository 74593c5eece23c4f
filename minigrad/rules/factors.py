"""Products of many factors: prod, and cumprod, which writes down every product on the way.

Each factor is multiplied by all others, and that product is its derivative. Where no factor is 0, it is y / x. Where
one is, nothing is divided: the product of the others is multiplied out, so that one zero, several, and derivatives
of any order are right.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.kernels import factors as kernels
from minigrad.primitive import Primitive
from minigrad.rules.axes import Axis, as_array, expand, flattened, given, in_rows, part
from minigrad.rules.select import where

__all__ = ["cumprod", "prod"]

# ---------------------------------------------------------------- running along the last axis

# h₀ = b₀, hₖ = aₖ hₖ₋₁ + bₖ. Backwards, s = h̄ₖ + aₖ₊₁ s of the next one: the same recurrence, from the end.
_recurrence: Primitive = Primitive(
    "recurrence",
    kernels.recurrence,
    lambda h_bar, h, a, b: _from_the_end(a, h_bar)[..., 1:] * h[..., :-1],
    lambda h_bar, h, a, b: _from_the_end(a, h_bar),
)


def _from_the_end(a: Any, b: Any) -> Any:
    return _recurrence(a[..., ::-1], b[..., ::-1])[..., ::-1]


def _first(x: Any) -> Any:
    """Where a row begins: booleans of the shape of x."""
    return np.cumsum(np.ones_like(x), axis=-1) == 1


def _before(x: Any) -> Any:
    """For each element the product of what stands before it: 1, x₀, x₀ x₁, …"""
    return _recurrence(x[..., :-1], np.ones_like(x) * _first(x))


def _after(x: Any) -> Any:
    return _before(x[..., ::-1])[..., ::-1]


def _moved_on(x: Any) -> Any:
    """Every element one place later: 0, x₀, x₁, …"""
    earlier = [max(i - 1, 0) for i in range(x.shape[-1])]
    return where(_first(x), 0, x[..., earlier])


def _through_others(y_bar: Any, y: Any, x: Any) -> Any:
    before, after = _before(x), _after(x)
    from_before = _recurrence(x[..., :-1], _moved_on(y_bar * before))
    from_after = _recurrence(x[..., :0:-1], _moved_on((y_bar * after)[..., ::-1]))[..., ::-1]
    return from_before * after + before * from_after


_others: Primitive = Primitive("products_of_others", kernels.products_of_others, _through_others, symbol="Π")


# ---------------------------------------------------------------- the products


def _one_factor(y_bar: Any, y: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    if not np.any(y == 0):
        return expand(y_bar * y, axis, keepdims) / x
    rows, back = in_rows(x, axis)
    return expand(y_bar, axis, keepdims) * back(_others(rows))


def _one_of_the_first(y_bar: Any, y: Any, x: Any, axis: int) -> Any:
    backwards = part(axis, step=-1)
    if not np.any(y == 0):
        return np.cumsum((y_bar * y)[backwards], axis=axis)[backwards] / x
    rows, back = in_rows(x, axis)
    return back(_before(rows) * _from_the_end(rows[..., 1:], in_rows(y_bar, axis)[0]))


_prod = Primitive("prod", lambda x, axis, keepdims: x.prod(axis=axis, keepdims=keepdims), _one_factor, symbol="Π")
_cumprod = Primitive("cumprod", lambda x, axis: x.cumprod(axis=axis), _one_of_the_first)


@implements(np.prod)
def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product over one axis, several, or all; the product of nothing is 1.

    >>> import minigrad as mg
    >>> x = mg.Tensor([2.0, 0.0, 5.0], requires_grad=True)
    >>> mg.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.])
    """
    x, axis = given(x, axis, "prod")
    return _prod(x, axis=axis, keepdims=keepdims)


@implements(np.cumprod)
def cumprod(x: Any, axis: int | None = None) -> Any:
    """The products of the first one, two, three … elements along an axis; of all in a row, if none is named.

    >>> import minigrad as mg
    >>> mg.cumprod(mg.Tensor([2.0, 3.0, 4.0]))
    Tensor([ 2.,  6., 24.])
    """
    x, axis = flattened(as_array(x, "cumprod"), axis)
    return _cumprod(x, axis=axis)
