"""Choosing elements: ``where`` and indexing. What was not chosen gets exactly 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.kernels import select as kernels
from minigrad.primitive import Primitive
from minigrad.rules.plain import as_plain
from minigrad.tensor import Tensor

__all__ = ["where"]

_where: Primitive = Primitive(
    "where",
    kernels.where,
    lambda y_bar, y, condition, a, b: None,  # never asked for: a condition does not require gradients
    lambda y_bar, y, condition, a, b: _where(condition, y_bar, 0),
    lambda y_bar, y, condition, a, b: _where(condition, 0, y_bar),
)

_getitem: Primitive = Primitive(
    "getitem",
    lambda x, index: x[index],
    lambda y_bar, y, x, index: _scatter(y_bar, index=index, shape=x.shape),
)

_scatter: Primitive = Primitive(
    "scatter",
    kernels.scatter,
    lambda y_bar, y, x, index, shape: y_bar[index],
)


def where(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, `b` elsewhere; the branch not taken gets the error signal 0, never NaN.

    Arguments:
        condition: booleans, of any shape that broadcasts with `a` and `b`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([4.0, -1.0], requires_grad=True)
    >>> mg.where(x > 0, x, 0.1 * x)
    Tensor([ 4. , -0.1], made by where)
    """
    return _where(condition.data if isinstance(condition, Tensor) else condition, a, b)


@implements(np.where)
def _np_where(condition: Any, *branches: Any) -> Any:
    return where(condition, *branches) if branches else np.nonzero(condition)


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: slices, integers, ellipsis, new axes, and arrays of integers or booleans.

    An element that is chosen more than once receives the sum of its error signals.
    """
    return _getitem(x, index=as_plain(index))
