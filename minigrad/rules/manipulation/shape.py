"""Changing the shape: reshape, insert and drop axes, broadcast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import holds_tensors
from minigrad.kernels.manipulation import shape as kernels
from minigrad.rules import builtin_axes
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import as_array, as_arrays
from minigrad.typing import Array

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays", "broadcast_to", "expand_dims", "ravel", "reshape",
    "squeeze",
]  # fmt: skip

_reshape = Primitive(
    "reshape",
    lambda x, shape, copy=False: x.reshape(shape).copy() if copy else x.reshape(shape),
    lambda y_bar, y, x, shape, copy=False: y_bar.reshape(x.shape),
    axes=builtin_axes.reshaping,
)
_broadcast_to = Primitive(
    "broadcast_to",
    kernels.broadcast_to,
    lambda y_bar, y, x, shape: y_bar,  # the engine sums over the broadcast axes, as for every operation
    axes=elementwise,
)


# ---------------------------------------------------------------- reshaping
def reshape(x: Array, *shape: Any, order: str = "C", copy: bool | None = None) -> Array:
    """The same elements in another shape; one length may be -1, and is inferred.

    Arguments:
        shape: the lengths, one by one or as a tuple.
        order: how elements are read and placed: row by row ("C"), or column by column ("F"), the first index fastest.
        copy: whether to copy the value; by default memory is shared where possible.

    Raises:
        ValueError: if the number of elements differs, or for another order.

    >>> import minigrad as mg
    >>> mg.reshape(mg.Tensor([1.0, 2.0, 3.0, 4.0]), (2, -1)).shape
    (2, 2)
    >>> mg.reshape(mg.Tensor([1.0, 2.0, 3.0, 4.0]), (2, 2), order="F")
    Tensor([[1., 3.],
            [2., 4.]])
    """
    by_columns = _by_columns("reshape", order)
    if copy is False:
        raise ValueError(
            "reshape: copy=False promises a view to write into, but a Tensor's value must not be written into; "
            "leave copy out to share memory where possible"
        )
    lengths = shape[0] if len(shape) == 1 else shape
    x = as_array(x, "reshape")
    if by_columns:
        lengths = lengths[::-1] if np.ndim(lengths) else lengths
        return _reshape(x.T, shape=lengths, copy=bool(copy)).T
    return _reshape(x, shape=lengths, copy=True) if copy else _reshape(x, shape=lengths)


def _by_columns(name: str, order: str) -> bool:
    """Whether elements are read column by column.

    Raises:
        ValueError: for another order than "C" and "F": NumPy's "A" and "K" ask for the layout in memory.
    """
    if isinstance(order, int):  # the first axis, in PyTorch's flatten
        raise ValueError(
            f"{name}: got order={order}, expected 'C' or 'F'; to keep the first axis, write x.reshape(len(x), -1)"
        )
    if order not in ("C", "F"):
        raise ValueError(
            f"{name}: got order={order!r}, expected 'C', which reads elements row by row, or 'F', column by column; "
            "a layout in memory is not a part of a Tensor's value"
        )
    return order == "F"


def ravel(x: Array, order: str = "C") -> Array:
    """All elements along a single axis.

    Arguments:
        order: row by row ("C"), or column by column ("F").

    Raises:
        ValueError: for another order.

    >>> import minigrad as mg
    >>> mg.ravel(mg.Tensor([[1.0, 2.0], [3.0, 4.0]])).shape
    (4,)
    """
    x = as_array(x, "ravel")
    return _reshape(x.T if _by_columns("ravel", order) else x, shape=-1)


def flatten(x: Array, order: str = "C") -> Array:
    """All elements along a single axis, copied; `order` as in `ravel`."""
    return _reshape(x.T if _by_columns("flatten", order) else x, shape=-1, copy=True)


# ---------------------------------------------------------------- axes of length 1
@implements(np.expand_dims)
def expand_dims(x: Array, axis: int | tuple[int, ...]) -> Array:
    """Insert axes of length 1 at these positions of the result.

    >>> import minigrad as mg
    >>> mg.expand_dims(mg.Tensor([1.0, 2.0]), 0).shape
    (1, 2)
    """
    x = as_array(x, "expand_dims")
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    ndim = x.ndim + len(axes)
    positions = normalize_axis_tuple(axes, ndim)
    lengths = iter(x.shape)
    return _reshape(x, shape=tuple(1 if i in positions else next(lengths) for i in range(ndim)))


@implements(np.squeeze)
def squeeze(x: Array, axis: int | tuple[int, ...] | None = None) -> Array:
    """Drop axes of length 1: the given ones, or all.

    Raises:
        ValueError: if one of the given axes has another length.

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
            raise ValueError(
                f"squeeze: axis {i} of shape {x.shape} has length {x.shape[i]}; only axes of length 1 can be dropped"
            )
    return _reshape(x, shape=tuple(n for i, n in enumerate(x.shape) if i not in dropped))


@implements(np.atleast_1d)
def atleast_1d(*xs: Array) -> Array:
    """A number becomes an array of one element; other arrays are returned unchanged.

    Returns:
        The array, or a tuple of arrays for several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_1d(mg.Tensor(5.0)).shape
    (1,)
    """
    return _reshape_each(xs, "atleast_1d", lambda shape: shape or (1,))


@implements(np.atleast_2d)
def atleast_2d(*xs: Array) -> Array:
    """A number or a vector becomes a matrix of one row; other arrays are returned unchanged.

    Returns:
        The array, or a tuple of arrays for several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_2d(mg.Tensor([1.0, 2.0, 3.0])).shape
    (1, 3)
    """
    return _reshape_each(xs, "atleast_2d", lambda shape: (1,) * (2 - len(shape)) + shape)


@implements(np.atleast_3d)
def atleast_3d(*xs: Array) -> Array:
    """A vector becomes ``(1, N, 1)``, a matrix ``(M, N, 1)``; arrays with three axes or more are returned unchanged.

    Returns:
        The array, or a tuple of arrays for several arguments.

    >>> import minigrad as mg
    >>> mg.atleast_3d(mg.Tensor([1.0, 2.0, 3.0])).shape
    (1, 3, 1)
    """
    return _reshape_each(
        xs, "atleast_3d", lambda shape: shape if len(shape) > 2 else ((1,) * (2 - len(shape)) + shape + (1,))
    )


def _reshape_each(xs: tuple[Array, ...], name: str, new_shape: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Array:
    arrays = [as_array(x, name) for x in xs]
    reshaped = tuple(x if x.shape == new_shape(x.shape) else _reshape(x, shape=new_shape(x.shape)) for x in arrays)
    return reshaped[0] if len(reshaped) == 1 else reshaped


# ---------------------------------------------------------------- broadcasting
@implements(np.broadcast_to)
def broadcast_to(x: Array, shape: Any) -> Array:
    """Repeat `x` along new axes and along axes of length 1; the error signals of the copies add up.

    >>> import minigrad as mg
    >>> mg.broadcast_to(mg.Tensor([1.0, 2.0]), (2, 2))
    Tensor([[1., 2.],
            [1., 2.]])
    """
    return _broadcast_to(x, shape=shape)


def broadcast_arrays(*xs: Array) -> tuple[Array, ...]:
    """All arguments broadcast to one shape.

    Raises:
        ValueError: if the shapes do not broadcast.

    >>> import minigrad as mg
    >>> row, column = mg.broadcast_arrays(mg.Tensor([1.0, 2.0]), mg.Tensor([[3.0], [4.0], [5.0]]))
    >>> row.shape, column.shape
    ((3, 2), (3, 2))
    """
    arrays = as_arrays(xs, "broadcast_arrays")
    shape = np.broadcast_shapes(*(x.shape for x in arrays))
    return tuple(x if x.shape == shape else _broadcast_to(x, shape=shape) for x in arrays)


# ---------------------------------------------------------------- NumPy's functions whose signature differs
@implements(np.reshape)
def _np_reshape(a: Array, shape: Any, order: str = "C", *, copy: bool | None = None) -> Array:
    return reshape(a, shape, order=order, copy=copy)


@implements(np.ravel)
def _np_ravel(a: Array, order: str = "C") -> Array:
    return ravel(a, order)


@implements(np.broadcast_arrays)
def _np_broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """As NumPy, and with it Matplotlib's `bar`: None and text are repeated, a list of Tensors is stacked."""
    numbers = [x for x in args if not (x is None or isinstance(x, str))]
    arrays = broadcast_arrays(*(np.stack(x) if isinstance(x, list) and holds_tensors(x) else x for x in numbers))
    parts, shape = iter(arrays), arrays[0].shape
    return tuple(np.full(shape, x, object) if x is None or isinstance(x, str) else next(parts) for x in args)


@implements(np.full)
def _np_full(shape: Any, fill_value: Array, dtype: DTypeLike | None = None) -> Array:
    """``np.full(shape, t, like=t)``: without ``like=`` NumPy asks nobody."""
    y = broadcast_to(as_array(fill_value, "full"), shape)
    return y if dtype is None else y.astype(dtype)


@implements(np.full_like)
def _np_full_like(a: Array, fill_value: Array, dtype: DTypeLike | None = None, *, shape: Any = None) -> Array:
    y = broadcast_to(as_array(fill_value, "full_like", a), np.shape(a) if shape is None else shape)
    dtype = as_array(a, "full_like").dtype if dtype is None else np.dtype(dtype)
    if dtype.kind not in "fc" and getattr(fill_value, "requires_grad", False):
        raise TypeError(f"np.full_like: the value requires gradients, which {dtype} cannot have; give dtype=float")
    return y.astype(dtype)
