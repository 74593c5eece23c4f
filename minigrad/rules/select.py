"""Choosing elements: ``where``, indexing, comparison. What was not chosen gets exactly 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.dispatch import implements, numpy_functions
from minigrad.kernels import select as kernels
from minigrad.primitive import Primitive
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


@implements(np.where)
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


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: slices, integers, ellipsis, new axes, and arrays of integers or booleans.

    An element that is chosen more than once receives the sum of its error signals.
    """
    return _getitem(x, index=_as_plain(index))


def _as_plain(value: Any) -> Any:
    if isinstance(value, Tensor) or hasattr(value, "__apply__"):
        return value.data
    if isinstance(value, tuple | list):
        return type(value)(_as_plain(v) for v in value)
    return value


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy function without a derivative, for use on Tensors: it gives a plain array."""

    def on_values(*args: Any, **params: Any) -> Any:
        return function(*_as_plain(args), **params)

    on_values.__name__ = function.__name__
    on_values.__doc__ = f"``np.{function.__name__}``, computed on the values: a plain array, with no derivative."
    numpy_functions[function] = on_values
    return on_values


for _function in (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
                  np.isnan, np.isfinite, np.any, np.all, np.argmax, np.argmin, np.ones_like, np.zeros_like,
                  np.shape, np.ndim, np.size, np.allclose, np.array_equal):  # fmt: skip
    plain(_function)
