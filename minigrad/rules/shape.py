"""Rearranging elements without computing: reshape, transpose, broadcast, and what is made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.arrays import beside
from minigrad.dispatch import implements
from minigrad.given import as_numbers
from minigrad.kernels import shape as kernels
from minigrad.primitive import Primitive
from minigrad.tensor import Tensor

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays", "broadcast_to", "expand_dims", "matrix_transpose",
    "moveaxis", "permute_dims", "ravel", "reshape", "rollaxis", "squeeze", "swapaxes", "transpose",
]  # fmt: skip

_reshape = Primitive(
    "reshape",
    lambda x, shape, copy=False: x.reshape(shape).copy() if copy else x.reshape(shape),
    lambda y_bar, y, x, shape, copy=False: y_bar.reshape(x.shape),
)

_transpose = Primitive(
    "transpose",
    lambda x, axes: x.transpose(axes),
    lambda y_bar, y, x, axes: y_bar.transpose(None if axes is None else tuple(map(int, np.argsort(axes)))),
    symbol="ᵀ",
)

_broadcast_to = Primitive(
    "broadcast_to",
    kernels.broadcast_to,
    lambda y_bar, y, x, shape: y_bar,  # the sum over the repeated axes is the engine's, as for every operation
)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array, a Tensor or a nested list; for Tensors ten times as fast as ``np.shape``."""
    try:
        return x.shape  # type: ignore[no-any-return]
    except AttributeError:
        return np.shape(x)


def as_array(x: Any, name: str, *others: Any) -> Any:
    """`x` itself where it has axes, as arrays and Tensors do; a number or a nested list as an array beside the others.

    Raises:
        TypeError: if it is neither, or a list that holds Tensors; `name` is the function that was called.
    """
    if isinstance(x, Tensor) or hasattr(x, "__apply__"):
        return x
    x = as_numbers(x, name, *others)
    return x if hasattr(x, "ndim") and not (others and isinstance(x, np.generic)) else beside(x, *others)


# ---------------------------------------------------------------- another shape


def reshape(x: Any, *shape: Any, order: str = "C", copy: bool | None = None) -> Any:
    """The same elements in another shape; one length may be -1, to be worked out.

    Arguments:
        shape: the lengths, one by one or as a tuple.
        order: "C", in which elements are read row by row.
        copy: whether the value must have memory of its own; by default it is shared where possible.

    Raises:
        ValueError: if the number of elements differs, or another order is asked for.

    >>> import minigrad as mg
    >>> mg.reshape(mg.Tensor([1.0, 2.0, 3.0, 4.0]), (2, -1)).shape
    (2, 2)
    """
    if order != "C":
        raise ValueError(_no_such_order("reshape", order))
    if copy is False:
        raise ValueError(
            "reshape: copy=False promises memory that can be written into, and a Tensor's value is never written "
            "into; leave copy out, and memory is shared where possible"
        )
    lengths = shape[0] if len(shape) == 1 else shape
    x = as_array(x, "reshape")
    return _reshape(x, shape=lengths, copy=True) if copy else _reshape(x, shape=lengths)


def _no_such_order(name: str, order: Any) -> str:
    return (
        f"{name}: got order={order!r}, but elements are read row by row here, order='C'; "
        "to read them column by column transpose first: x.T"
    )


def ravel(x: Any, order: str = "C") -> Any:
    """All elements, row by row, along a single axis.

    Raises:
        ValueError: if another order than "C" is asked for.

    >>> import minigrad as mg
    >>> mg.ravel(mg.Tensor([[1.0, 2.0], [3.0, 4.0]])).shape
    (4,)
    """
    if order != "C":
        raise ValueError(_no_such_order("ravel", order))
    return _reshape(as_array(x, "ravel"), shape=-1)


def flatten(x: Any, order: str = "C") -> Any:
    """All elements, row by row, along a single axis, in memory of their own."""
    if order != "C":
        raise ValueError(_no_such_order("flatten", order))
    return _reshape(x, shape=-1, copy=True)


@implements(np.expand_dims)
def expand_dims(x: Any, axis: int | tuple[int, ...]) -> Any:
    """Insert axes of length 1 at these places of the result.

    >>> import minigrad as mg
    >>> mg.expand_dims(mg.Tensor([1.0, 2.0]), 0).shape
    (1, 2)
    """
    x = as_array(x, "expand_dims")
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    ndim = x.ndim + len(axes)
    places = normalize_axis_tuple(axes, ndim)
    lengths = iter(x.shape)
    return _reshape(x, shape=tuple(1 if i in places else next(lengths) for i in range(ndim)))


@implements(np.squeeze)
def squeeze(x: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Drop axes of length 1: these, or all there are.

    Raises:
        ValueError: if one of the axes has another length.

    >>> import minigrad as mg
    >>> mg.squeeze(mg.Tensor([[[1.0], [2.0]]])).shape
    (2,)
    """
    x = as_array(x, "squeeze")
    if axis is None:
        return _reshape(x, shape=tuple(n for n in x.shape if n != 1))
    dropped = normalize_axis_tuple(axis, x.ndim)
    for i in dropped:
        if x.shape[i] != 1:
            raise ValueError(f"squeeze: axis {i} of shape {x.shape} has length {x.shape[i]}; only length 1 can go")
    return _reshape(x, shape=tuple(n for i, n in enumerate(x.shape) if i not in dropped))


@implements(np.atleast_1d)
def atleast_1d(*xs: Any) -> Any:
    """A number as an array of one element; anything else as it is.

    Returns:
        The array; a tuple of them if there are several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_1d(mg.Tensor(5.0)).shape
    (1,)
    """
    return _each(xs, "atleast_1d", lambda shape: shape or (1,))


@implements(np.atleast_2d)
def atleast_2d(*xs: Any) -> Any:
    """A number or a vector as a matrix of one row; anything else as it is.

    Returns:
        The array; a tuple of them if there are several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_2d(mg.Tensor([1.0, 2.0, 3.0])).shape
    (1, 3)
    """
    return _each(xs, "atleast_2d", lambda shape: (1,) * (2 - len(shape)) + shape)


@implements(np.atleast_3d)
def atleast_3d(*xs: Any) -> Any:
    """An array with three axes at least: a vector becomes ``(1, N, 1)``, a matrix ``(M, N, 1)``.

    Returns:
        The array; a tuple of them if there are several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_3d(mg.Tensor([1.0, 2.0, 3.0])).shape
    (1, 3, 1)
    """
    return _each(xs, "atleast_3d", lambda shape: shape if len(shape) > 2 else ((1,) * (2 - len(shape)) + shape + (1,)))


def _each(xs: Any, name: str, enlarged: Any) -> Any:
    arrays = [as_array(x, name) for x in xs]
    made = tuple(x if x.shape == enlarged(x.shape) else _reshape(x, shape=enlarged(x.shape)) for x in arrays)
    return made[0] if len(made) == 1 else made


# ---------------------------------------------------------------- another order of the axes


def transpose(x: Any, *axes: Any) -> Any:
    """The axes in another order; reversed if no order is given.

    >>> import minigrad as mg
    >>> mg.transpose(mg.Tensor([[1.0, 2.0, 3.0]])).shape
    (3, 1)
    """
    x = as_array(x, "transpose")
    order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int | np.integer) else axes
    if order is None or len(axes) == 0:
        return _transpose(x, axes=None)
    if len(order) != x.ndim:
        raise ValueError(f"transpose: got {len(order)} axes {tuple(order)} for shape {x.shape}; name each axis once")
    return _transpose(x, axes=normalize_axis_tuple(order, x.ndim))


def permute_dims(x: Any, axes: Any = None) -> Any:
    """The axes in another order, reversed if no order is given: `transpose` by its newer name.

    >>> import minigrad as mg
    >>> mg.permute_dims(mg.Tensor([[[1.0, 2.0, 3.0]]]), (2, 0, 1)).shape
    (3, 1, 1)
    """
    return transpose(x, axes)


@implements(np.linalg.matrix_transpose)
@implements(np.matrix_transpose)
def matrix_transpose(x: Any) -> Any:
    """Exchange the last two axes: the transpose of each matrix in a batch.

    Raises:
        ValueError: if there are fewer than two axes.

    >>> import minigrad as mg
    >>> mg.matrix_transpose(mg.broadcast_to(mg.Tensor(1.0), (5, 2, 3))).shape
    (5, 3, 2)
    """
    x = as_array(x, "matrix_transpose")
    if x.ndim < 2:
        raise ValueError(
            f"matrix_transpose: expected matrices, with two axes at least, got shape {x.shape}; "
            "expand_dims makes a row or a column of a vector"
        )
    return swapaxes(x, -1, -2)


@implements(np.swapaxes)
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Exchange two axes.

    >>> import minigrad as mg
    >>> mg.swapaxes(mg.Tensor([[1.0, 2.0, 3.0]]), 0, 1).shape
    (3, 1)
    """
    x = as_array(x, "swapaxes")
    order = list(range(x.ndim))
    one, two = normalize_axis_index(axis1, x.ndim), normalize_axis_index(axis2, x.ndim)
    order[one], order[two] = two, one
    return _transpose(x, axes=tuple(order))


@implements(np.moveaxis)
def moveaxis(x: Any, source: int | tuple[int, ...], destination: int | tuple[int, ...]) -> Any:
    """Move axes to other places; the others keep their order.

    Raises:
        ValueError: if there are not as many destinations as sources.

    >>> import minigrad as mg
    >>> images = mg.broadcast_to(mg.Tensor(1.0), (8, 32, 28, 3))
    >>> mg.moveaxis(images, -1, 1).shape
    (8, 3, 32, 28)
    """
    x = as_array(x, "moveaxis")
    moved, places = normalize_axis_tuple(source, x.ndim), normalize_axis_tuple(destination, x.ndim)
    if len(moved) != len(places):
        raise ValueError(f"moveaxis: got {len(moved)} axes {moved} for {len(places)} places {places}; name as many")
    order = [i for i in range(x.ndim) if i not in moved]
    for place, i in sorted(zip(places, moved, strict=True)):
        order.insert(place, i)
    return _transpose(x, axes=tuple(order))


@implements(np.rollaxis)
def rollaxis(x: Any, axis: int, start: int = 0) -> Any:
    """Move one axis in front of the axis `start`, or to the end if that is the number of axes.

    >>> import minigrad as mg
    >>> mg.rollaxis(mg.Tensor([[[1.0, 2.0, 3.0]]]), 2).shape
    (3, 1, 1)
    """
    x = as_array(x, "rollaxis")
    moved = normalize_axis_index(axis, x.ndim)
    before = normalize_axis_index(start, x.ndim + 1) if start >= 0 else normalize_axis_index(start, x.ndim)
    order = list(range(x.ndim))
    order.insert(before - (moved < before), order.pop(moved))
    return _transpose(x, axes=tuple(order))


# ---------------------------------------------------------------- repeated along axes


@implements(np.broadcast_to)
def broadcast_to(x: Any, shape: Any) -> Any:
    """Repeat `x` along new axes and along axes of length 1; its error signal is the sum over the copies.

    >>> import minigrad as mg
    >>> mg.broadcast_to(mg.Tensor([1.0, 2.0]), (2, 2))
    Tensor([[1., 2.],
            [1., 2.]])
    """
    return _broadcast_to(x, shape=shape)


@implements(np.broadcast_arrays)
def broadcast_arrays(*xs: Any) -> tuple[Any, ...]:
    """All arguments in the one shape that broadcasting gives them.

    Raises:
        ValueError: if there is none.

    >>> import minigrad as mg
    >>> row, column = mg.broadcast_arrays(mg.Tensor([1.0, 2.0]), mg.Tensor([[3.0], [4.0], [5.0]]))
    >>> row.shape, column.shape
    ((3, 2), (3, 2))
    """
    arrays = [as_array(x, "broadcast_arrays", *xs) for x in xs]
    shape = np.broadcast_shapes(*(x.shape for x in arrays))
    return tuple(x if x.shape == shape else _broadcast_to(x, shape=shape) for x in arrays)


# ---------------------------------------------------------------- NumPy's functions, where the arguments differ


@implements(np.reshape)
def _np_reshape(a: Any, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    return reshape(a, shape, order=order, copy=copy)


@implements(np.ravel)
def _np_ravel(a: Any, order: str = "C") -> Any:
    return ravel(a, order)


@implements(np.transpose)
def _np_transpose(a: Any, axes: Any = None) -> Any:
    return transpose(a, axes)
