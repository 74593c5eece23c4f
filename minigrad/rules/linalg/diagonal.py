"""Diagonals: reading one, writing one into zeros, and the trace.

Reading and writing a diagonal are each other's rules.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import diagonal as kernels
from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.rules.reductions.keywords.keywords import in_dtype
from minigrad.typing import Array

__all__ = ["diag", "diagflat", "diagonal", "trace"]


def _constant_diagonal(y_bar: Array, offset: int, axis1: int, axis2: int, shape: tuple[int, ...]) -> Array:
    """The trace passes its error signal to every element of the diagonal."""
    length = max(0, min(shape[axis1] + min(offset, 0), shape[axis2] - max(offset, 0)))
    values = np.broadcast_to(np.expand_dims(y_bar, -1), (*y_bar.shape, length))
    return _on_diagonal(values, offset=offset, axis1=axis1, axis2=axis2, shape=shape)


_diagonal: Primitive = Primitive(
    "diagonal",
    lambda x, offset, axis1, axis2: x.diagonal(offset, axis1, axis2),
    lambda y_bar, y, x, offset, axis1, axis2: _on_diagonal(
        y_bar, offset=offset, axis1=axis1, axis2=axis2, shape=x.shape
    ),
)
_on_diagonal: Primitive = Primitive(
    "on_diagonal",
    kernels.on_diagonal,
    lambda y_bar, y, x, offset, axis1, axis2, shape: _diagonal(y_bar, offset=offset, axis1=axis1, axis2=axis2),
    symbol="diag",
)
_trace = Primitive(
    "trace",
    lambda x, offset, axis1, axis2: x.trace(offset, axis1, axis2),
    lambda y_bar, y, x, offset, axis1, axis2: _constant_diagonal(y_bar, offset, axis1, axis2, x.shape),
    symbol="tr",
)


@implements(np.diagonal)
def diagonal(x: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """The diagonal of two axes, as the last axis of the result, after the remaining axes.

    Arguments:
        offset: which diagonal: 1 is the one above the main diagonal, −1 the one below.

    Raises:
        ValueError: if `x` has fewer than two axes, or the two are the same.

    >>> import minigrad as mg
    >>> mg.diagonal(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([1., 4.])
    """
    _require_matrices("diagonal", shape_of(x))
    return _diagonal(x, offset=offset, axis1=axis1, axis2=axis2)


@implements(np.linalg.diagonal)
def _linalg_diagonal(x: Array, /, *, offset: int = 0) -> Array:
    return diagonal(x, offset, -2, -1)


@implements(np.trace)
def trace(x: Array, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: DTypeLike | None = None) -> Array:
    """The sum of the diagonal of two axes.

    Arguments:
        offset: which diagonal: 1 is the one above the main diagonal, −1 the one below.
        dtype: in which to add; that of `x` by default.

    Raises:
        ValueError: if `x` has fewer than two axes, or the two are the same.

    >>> import minigrad as mg
    >>> mg.trace(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor(5.)
    """
    _require_matrices("trace", shape_of(x))
    if dtype is None:
        return _trace(x, offset=offset, axis1=axis1, axis2=axis2)
    return in_dtype("trace", _trace(in_dtype("trace", x, dtype), offset=offset, axis1=axis1, axis2=axis2), dtype)


@implements(np.linalg.trace)
def _linalg_trace(x: Array, /, *, offset: int = 0, dtype: DTypeLike | None = None) -> Array:
    return trace(x, offset, -2, -1, dtype)


@implements(np.diag)
def diag(v: Array, k: int = 0) -> Array:
    """The matrix with a vector on its diagonal; for a matrix, its diagonal as a vector.

    Arguments:
        k: which diagonal: 1 is the one above the main diagonal, −1 the one below.

    Raises:
        ValueError: if `v` has neither one axis nor two.

    >>> import minigrad as mg
    >>> mg.diag(mg.Tensor([1.0, 2.0]))
    Tensor([[1., 0.],
            [0., 2.]])
    """
    shape = shape_of(v)
    if len(shape) not in (1, 2):
        raise ValueError(
            f"diag: expected a vector or a matrix, got shape {shape}; for a stack of them write x.diagonal(0, -2, -1)"
        )
    return diagonal(v, k) if len(shape) == 2 else on_diagonal(v, k)


@implements(np.diagflat)
def diagflat(v: Array, k: int = 0) -> Array:
    """The matrix with all elements of `v` on its diagonal, row by row.

    Arguments:
        k: which diagonal: 1 is the one above the main diagonal, −1 the one below.

    >>> import minigrad as mg
    >>> mg.diagflat(mg.Tensor([[1.0, 2.0]]))
    Tensor([[1., 0.],
            [0., 2.]])
    """
    return on_diagonal(as_array(v, "diagflat").reshape(-1), k)


def on_diagonal(v: Array, k: int = 0) -> Array:
    """Square matrices, one for each vector along the last axis."""
    *stack, n = shape_of(v)
    return _on_diagonal(v, offset=k, axis1=-2, axis2=-1, shape=(*stack, n + abs(k), n + abs(k)))


def _require_matrices(name: str, shape: tuple[int, ...]) -> None:
    if len(shape) < 2:
        raise ValueError(f"{name}: expected two axes or more, got shape {shape}; diag(v) turns a vector into a matrix")
