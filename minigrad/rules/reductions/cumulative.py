"""Sums and differences along an axis: cumsum, diff, which undoes it, and the area under a curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.rules.axes import as_array, flattened, in_rows
from minigrad.rules.reductions.recurrence import products_before, recurrence_from_the_end

__all__ = ["cumprod", "cumsum"]


def sum_from_here_on(y_bar: Any, axis: int) -> Any:
    """An element is in its own sum and in all that follow: their error signals added up, from the end."""
    backwards = index_along(axis, slice(None, None, -1))
    return np.cumsum(y_bar[backwards], axis=axis)[backwards]


_cumsum = Primitive(
    "cumsum", lambda x, axis: x.cumsum(axis=axis), lambda y_bar, y, x, axis: sum_from_here_on(y_bar, axis)
)


@implements(np.cumsum)
def cumsum(x: Any, axis: int | None = None) -> Any:
    """The sums of the first one, two, three … elements along an axis; of all in a row, if none is named.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> y = mg.cumsum(x)
    >>> y.backward([1.0, 10.0, 100.0])
    >>> y, x.grad
    (Tensor([1., 3., 6.], made by cumsum), array([111., 110., 100.]))
    """
    x, axis = flattened(as_array(x, "cumsum"), axis)
    return _cumsum(x, axis=axis)


def _one_of_the_first(y_bar: Any, y: Any, x: Any, axis: int) -> Any:
    backwards = index_along(axis, slice(None, None, -1))
    if not np.any(y == 0):
        return np.cumsum((y_bar * y)[backwards], axis=axis)[backwards] / x
    rows, back = in_rows(x, axis)
    return back(products_before(rows) * recurrence_from_the_end(rows[..., 1:], in_rows(y_bar, axis)[0]))


_cumprod = Primitive("cumprod", lambda x, axis: x.cumprod(axis=axis), _one_of_the_first)


@implements(np.cumprod)
def cumprod(x: Any, axis: int | None = None) -> Any:
    """The products of the first one, two, three … elements along an axis; of all in a row, if none is named.

    >>> import minigrad as mg
    >>> mg.cumprod(mg.Tensor([2.0, 3.0, 4.0]))
    Tensor([ 2.,  6., 24.])
    """
    x, axis = flattened(as_array(x, "cumprod"), axis)
    return _cumprod(x, axis=axis)
