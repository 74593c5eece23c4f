"""Choosing elements: ``where`` and indexing. What was not chosen gets exactly 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.kernels.manipulation import indexing as kernels
from minigrad.rules.arguments import as_array, as_index_array, wrap_or_clip
from minigrad.rules.manipulation.shape import ravel
from minigrad.rules.nondifferentiable import unwrap

__all__ = ["compress", "extract", "take", "take_along_axis"]

_getitem: Primitive = Primitive(
    "getitem",
    kernels.getitem,
    lambda y_bar, y, x, index: scatter(y_bar, index=index, shape=x.shape),
)
scatter: Primitive = Primitive(
    "scatter",
    kernels.scatter,
    lambda y_bar, y, x, index, shape: y_bar[index],
)


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``: slices, integers, ellipsis, new axes, and arrays of integers or booleans.

    An element that is chosen more than once receives the sum of its error signals.
    """
    return _getitem(x, index=unwrap(index))


def take(x: Any, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The elements with these indices along an axis, or of all elements in a row if no axis is given.

    Arguments:
        indices: integers, in an array of any shape; the result has its axes in place of the axis.
        mode: what becomes of an index that is out of range: an error ("raise"), counted around ("wrap"), or
            the nearest that is in range ("clip").

    Raises:
        IndexError: if an index is out of range.

    >>> import minigrad as mg
    >>> mg.take(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [2, 0, 0], axis=1)
    Tensor([[3., 1., 1.],
            [6., 4., 4.]])
    """
    x = as_array(x, "take")
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, x.ndim)
    chosen = wrap_or_clip("take", as_index_array("take", indices, x), x.shape[axis], mode)
    return getitem(x, index_along(axis, chosen if chosen.ndim else int(chosen)))


@implements(np.take_along_axis)
def take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    """One element for each index, along an axis; the other axes keep step: ``x[i, indices[i, j]]`` for the last of two.

    It takes what ``np.argsort`` and ``np.argmax(…, keepdims=True)`` name.

    Arguments:
        indices: integers, with as many axes as `x`.
        axis: the axis they count along; of all elements in a row if ``None``.

    Raises:
        ValueError: if `indices` has another number of axes.

    >>> import minigrad as mg
    >>> mg.take_along_axis(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [[2], [0]], axis=1)
    Tensor([[3.],
            [4.]])
    """
    x, chosen = as_array(x, "take_along_axis"), as_index_array("take_along_axis", indices, x)
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, x.ndim)
    if chosen.ndim != x.ndim:
        raise ValueError(
            f"take_along_axis: indices have shape {chosen.shape} for an array of shape {x.shape}, expected as many axes"
        )
    places = [to_device(place, device_of(x)) for place in np.ogrid[tuple(slice(n) for n in x.shape)]]
    return getitem(x, tuple(chosen if i == axis else place for i, place in enumerate(places)))


@implements(np.compress)
def compress(condition: Any, x: Any, axis: int | None = None) -> Any:
    """What lies along an axis where the condition holds, or of all elements in a row if no axis is given.

    Arguments:
        condition: booleans along one axis; where there are fewer, the rest is left out.

    Raises:
        ValueError: if `condition` has more than one axis.

    >>> import minigrad as mg
    >>> mg.compress([True, False, True], mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([1., 3.])
    """
    holds = as_array(unwrap(condition), "compress", x)
    if holds.ndim != 1:
        raise ValueError(f"compress: the condition has shape {holds.shape}, expected booleans along one axis")
    return take(x, np.nonzero(holds)[0], axis)


@implements(np.extract)
def extract(condition: Any, x: Any) -> Any:
    """The elements where the condition holds, row by row.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, -2.0], [-3.0, 4.0]])
    >>> mg.extract(x > 0, x)
    Tensor([1., 4.])
    """
    return compress(np.ravel(as_array(unwrap(condition), "extract", x)), x)


# ---------------------------------------------------------------- NumPy's functions, where the arguments differ
@implements(np.take)
def _np_take(a: Any, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise") -> Any:
    return take(a, indices, axis, mode=mode)
