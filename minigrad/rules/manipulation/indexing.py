"""Indexing: ``x[index]``, and taking elements by their indices or by a mask.

The rule scatters the error signal into zeros: elements that were not taken get exactly 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.named_scope import current_scope
from minigrad.core.primitive import Primitive
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.axes import index_along
from minigrad.kernels.manipulation import indexing as kernels
from minigrad.rules import builtin_axes
from minigrad.rules.axes import axis_tuple, ravel_if_no_axis
from minigrad.rules.convert_arguments import as_array, as_index_array, as_integer, wrap_or_clip
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array, Axis
from minigrad.user_frame import calling_frame

__all__ = ["compress", "embedding", "extract", "take", "take_along_axis", "trim_zeros"]

_getitem: Primitive = Primitive(
    "getitem",
    kernels.getitem,
    lambda y_bar, y, x, index: scatter(y_bar, index=index, shape=x.shape),
    linear=True,
    axes=builtin_axes.indexing,
)
scatter: Primitive = Primitive(
    "scatter",
    kernels.scatter,
    lambda y_bar, y, x, index, shape: y_bar[index],
    linear=True,
)


_padded_embedding: Primitive = Primitive(
    "padded_embedding",
    lambda weight, index, padding_idx: kernels.getitem(weight, index),
    lambda y_bar, y, weight, index, padding_idx: scatter(
        where((index == padding_idx)[..., None], 0, y_bar), index=index, shape=weight.shape
    ),
)


def getitem(x: Array, index: Any) -> Array:
    """``x[index]``: slices, integers, ellipsis, new axes, and arrays of integers or booleans.

    An element that is indexed more than once gets the sum of its error signals.
    """
    return _getitem(x, index=unwrap(index))


def take(x: Array, indices: Array, axis: int | None = None, *, mode: str = "raise") -> Array:
    """The elements at these indices along an axis, or of the flattened array if no axis is given.

    Arguments:
        indices: integers, in an array of any shape; in the result its axes replace `axis`.
        mode: how to treat an index that is out of range: as an error ("raise"), modulo the length ("wrap"), or
            as the nearest index in range ("clip").

    Raises:
        IndexError: if an index is out of range.

    >>> import minigrad as mg
    >>> mg.take(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [2, 0, 0], axis=1)
    Tensor([[3., 1., 1.],
            [6., 4., 4.]])
    """
    x = as_array(x, "take")
    if axis is None:
        x, axis = ravel_if_no_axis(x, axis)
    axis = normalize_axis_index(axis, x.ndim)
    chosen = wrap_or_clip("take", as_index_array("take", indices, x), x.shape[axis], mode)
    return getitem(x, index_along(axis, chosen if chosen.ndim else int(chosen)))


@implements(np.take_along_axis)
def take_along_axis(x: Array, indices: Array, axis: int | None = -1) -> Array:
    """One element for each index along an axis: ``x[i, indices[i, j]]`` for the last axis of a matrix.

    It takes the indices that ``np.argsort`` and ``np.argmax(…, keepdims=True)`` give.

    Arguments:
        indices: integers, with as many axes as `x`; the other axes broadcast.
        axis: the axis to index; ``None`` flattens `x`.

    Raises:
        ValueError: if `indices` has a different number of axes.

    >>> import minigrad as mg
    >>> mg.take_along_axis(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [[2], [0]], axis=1)
    Tensor([[3.],
            [4.]])
    """
    x, chosen = as_array(x, "take_along_axis"), as_index_array("take_along_axis", indices, x)
    if axis is None:
        x, axis = ravel_if_no_axis(x, axis)
    axis = normalize_axis_index(axis, x.ndim)
    if chosen.ndim != x.ndim:
        raise ValueError(
            f"take_along_axis: indices have shape {chosen.shape} for an array of shape {x.shape}; "
            "both need the same number of axes"
        )
    grid = [to_device(along, device_of(x)) for along in np.ogrid[tuple(slice(n) for n in x.shape)]]
    return getitem(x, tuple(chosen if i == axis else along for i, along in enumerate(grid)))


def embedding(indices: Array, weight: Array, padding_idx: int | None = None) -> Array:
    """One row of a table for each index: the vectors that stand for words.

    It is ``weight[indices]``. A row that is taken more than once gets the sum of its error signals.

    Arguments:
        indices: numbers of rows, from 0 on, in an array of any shape.
        weight: the table, shape ``(V, D)``.
        padding_idx: a row that gets no error signal, for the indices that fill sequences up to one length; −1 for the
            last one.

    Returns:
        Shape ``(*indices.shape, D)``.

    Raises:
        TypeError: if the indices or `padding_idx` are not integers.
        IndexError: if an index is negative, or not less than V.
        ValueError: if `padding_idx` is not the number of a row.

    >>> import minigrad as mg
    >>> mg.embedding([[2, 0]], mg.Tensor([[0.0, 0.1], [1.0, 1.1], [2.0, 2.1]]))
    Tensor([[[2. , 2.1],
             [0. , 0.1]]])
    """
    weight = as_array(weight, "embedding")
    if weight.ndim != 2:
        raise ValueError(f"embedding: weight has shape {weight.shape}, expected a table (V, D); the indices come first")
    index = as_index_array("embedding", indices, weight)
    wrong = (index < 0) | (index >= weight.shape[0])
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise IndexError(
            f"embedding: index {index[place]}{f' at {list(place)}' if place else ''} is out of range for a table of "
            f"{weight.shape[0]} rows, numbered from 0"
        )
    if padding_idx is None:
        return getitem(weight, index)
    row, rows = as_integer("embedding: padding_idx", padding_idx), weight.shape[0]
    if not -rows <= row < rows:
        raise ValueError(f"embedding: padding_idx is {row}, expected a row from {-rows} to {rows - 1}")
    return _padded_embedding(weight, index=index, padding_idx=row % rows)


@implements(np.compress)
def compress(condition: Array, x: Array, axis: int | None = None) -> Array:
    """The slices along an axis where the condition holds, or the elements of the flattened array if no axis is given.

    Arguments:
        condition: booleans along one axis; slices after the last of them are left out.

    Raises:
        ValueError: if `condition` has more than one axis.

    >>> import minigrad as mg
    >>> mg.compress([True, False, True], mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([1., 3.])
    """
    mask = as_array(unwrap(condition), "compress", x)
    if mask.ndim != 1:
        raise ValueError(f"compress: the condition has shape {mask.shape}, expected booleans along one axis")
    return take(x, np.nonzero(mask)[0], axis)


@implements(np.extract)
def extract(condition: Array, x: Array) -> Array:
    """The elements where the condition holds, as a vector, in C order.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, -2.0], [-3.0, 4.0]])
    >>> mg.extract(x > 0, x)
    Tensor([1., 4.])
    """
    return compress(np.ravel(as_array(unwrap(condition), "extract", x)), x)


# ---------------------------------------------------------------- NumPy's functions whose signature differs
@implements(np.take)
def _np_take(a: Array, indices: Array, axis: int | None = None, out: None = None, mode: str = "raise") -> Array:
    return take(a, indices, axis, mode=mode)


@implements(np.trim_zeros)
def trim_zeros(x: Array, trim: str = "fb", axis: Axis = None) -> Array:
    """`x` without the zeros before its first and after its last other element, which get no error signal.

    Arguments:
        trim: where: ``"f"`` in front, ``"b"`` at the back, ``"fb"`` at both ends.
        axis: along which axes; all by default. Only slices that are 0 everywhere are left out.

    Raises:
        ValueError: if `trim` is none of these.

    >>> import minigrad as mg
    >>> mg.trim_zeros(mg.Tensor([0.0, 0.0, 1.0, 0.0, 2.0, 0.0]))
    Tensor([1., 0., 2.])
    """
    x, trim = as_array(x, "trim_zeros"), str(trim).lower()
    _refuse_poly1d(x)
    if trim not in ("f", "b", "fb", "bf"):
        raise ValueError(f"trim_zeros: got trim={trim!r}, expected 'f', 'b' or 'fb'")
    positions = [to_host(i) for i in np.nonzero(unwrap(x))]
    index = [slice(None)] * x.ndim
    for i in axis_tuple(axis, x.ndim):
        if not positions[i].size:
            index[i] = slice(0, 0)
            continue
        start = int(positions[i].min()) if "f" in trim else None
        index[i] = slice(start, int(positions[i].max()) + 1 if "b" in trim else None)
    return getitem(x, tuple(index))


def _refuse_poly1d(x: Array) -> None:
    """Raise a TypeError if ``np.poly1d`` asks, whose objects keep the coefficients, but divide plain arrays."""
    if not getattr(x, "requires_grad", False) or current_scope() is None:
        return
    frame = calling_frame()
    if frame is not None and frame.f_code.co_qualname == "poly1d.__init__":
        raise TypeError(
            f"np.poly1d has no derivative: it would lose that of {x._called('a Tensor')} (shape {x.shape}), which "
            "requires gradients; write mg.polyval(p, x), mg.polymul(p, q) and their like of the coefficients, or call "
            "it on t.numpy() if no gradient needs to flow through it"
        )
