"""Joining arrays: each one gets its own slice of the error signal back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import as_arrays
from minigrad.rules.manipulation.shape import atleast_1d, atleast_2d, atleast_3d, ravel, reshape
from minigrad.typing import Array

__all__ = ["append", "column_stack", "concat", "concatenate", "dstack", "hstack", "stack", "vstack"]


def _joined(xs: Sequence[Array], axis: int) -> tuple[Array, list[int]]:
    """The arrays joined, and where each one ends."""
    return np.concatenate(xs, axis=axis), list(accumulate([x.shape[axis] for x in xs]))


def _own_slice(i: int, y_bar: Array, y: Array, xs: Sequence[Array], axis: int, ends: list[int]) -> Array:
    return y_bar[index_along(axis, slice(ends[i - 1] if i else 0, ends[i]))]


concatenation = Primitive(
    "concatenate",
    _joined,
    each=_own_slice,
    as_list=True,
    linear=True,
    saves=("ends",),
    axes=builtin_axes.concatenation,
)
_stack = Primitive(
    "stack",
    lambda xs, axis: np.stack(xs, axis=axis),
    each=lambda i, y_bar, y, xs, axis: y_bar[index_along(axis, i)],
    as_list=True,
    linear=True,
    axes=builtin_axes.stacking,
)


# ---------------------------------------------------------------- along an axis
@implements(np.concatenate)
def concatenate(arrays: Sequence[Array], axis: int | None = 0) -> Array:
    """Join arrays along an existing axis.

    Arguments:
        arrays: Tensors and arrays, whose shapes may differ in the length of that axis alone.
        axis: ``None`` flattens each of them first.

    Raises:
        ValueError: if the shapes do not fit together, or there are no arrays.

    >>> import minigrad as mg
    >>> a, b = mg.Tensor([1.0, 2.0], requires_grad=True), mg.Tensor([3.0], requires_grad=True)
    >>> mg.concatenate([a, b]).backward([10.0, 20.0, 30.0])
    >>> a.grad, b.grad
    (array([10., 20.]), array([30.]))
    """
    parts = _parts("concatenate", arrays, axis)
    if axis is None:
        return _concatenated("concatenate", map(ravel, parts), 0)
    return _concatenated("concatenate", parts, axis)


concat = concatenate


@implements(np.stack)
def stack(arrays: Sequence[Array], axis: int = 0) -> Array:
    """Join arrays of one shape, or numbers, along a new axis.

    Arguments:
        axis: the position of the new axis in the result.

    Raises:
        ValueError: if the shapes differ, or there are no arrays.

    >>> import minigrad as mg
    >>> mg.stack([mg.Tensor(1.0), 2.0, mg.Tensor(3.0)])
    Tensor([1., 2., 3.])
    """
    parts = _parts("stack", arrays, axis)
    for i, x in enumerate(parts):
        if x.shape != parts[0].shape:
            raise ValueError(
                f"stack: array 0 has shape {parts[0].shape} and array {i} has {x.shape}, expected the same; "
                "concatenate joins arrays that differ in the length of one axis"
            )
    return _stack(*parts, axis=normalize_axis_index(axis, parts[0].ndim + 1))


@implements(np.append)
def append(x: Array, values: Array, axis: int | None = None) -> Array:
    """Join `values` to the end of `x` along an axis; both are flattened first if no axis is given.

    >>> import minigrad as mg
    >>> mg.append(mg.Tensor([1.0, 2.0]), 3.0)
    Tensor([1., 2., 3.])
    """
    return concatenate([x, values], axis)


# ---------------------------------------------------------------- horizontally, vertically, in depth
@implements(np.hstack)
def hstack(arrays: Sequence[Array]) -> Array:
    """Join arrays horizontally: along the second axis, vectors along their only one.

    >>> import minigrad as mg
    >>> mg.hstack([mg.Tensor([[1.0], [2.0]]), mg.Tensor([[3.0], [4.0]])])
    Tensor([[1., 3.],
            [2., 4.]])
    """
    parts = [atleast_1d(x) for x in _parts("hstack", arrays)]
    return _concatenated("hstack", parts, 0 if parts[0].ndim == 1 else 1)


@implements(np.vstack)
def vstack(arrays: Sequence[Array]) -> Array:
    """Join arrays vertically: along the first axis, vectors as rows.

    >>> import minigrad as mg
    >>> mg.vstack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])])
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return _concatenated("vstack", [atleast_2d(x) for x in _parts("vstack", arrays)], 0)


@implements(np.dstack)
def dstack(arrays: Sequence[Array]) -> Array:
    """Join arrays in depth: along the third axis.

    >>> import minigrad as mg
    >>> mg.dstack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])]).shape
    (1, 2, 2)
    """
    return _concatenated("dstack", [atleast_3d(x) for x in _parts("dstack", arrays)], 2)


@implements(np.column_stack)
def column_stack(arrays: Sequence[Array]) -> Array:
    """Join vectors as the columns of a matrix; matrices keep their columns.

    >>> import minigrad as mg
    >>> mg.column_stack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])])
    Tensor([[1., 3.],
            [2., 4.]])
    """
    parts = [x if x.ndim > 1 else reshape(x, (x.size, 1)) for x in _parts("column_stack", arrays)]
    return _concatenated("column_stack", parts, 1)


def _parts(name: str, arrays: Any, axis: Any = 0) -> list[Array]:
    if not isinstance(axis, int | np.integer | None):
        raise TypeError(f"{name}: axis is a {type(axis).__name__}; pass the arrays as one list, {name}([a, b])")
    parts = as_arrays(arrays, name)
    if not parts:
        raise ValueError(f"{name}: got no arrays, expected at least one")
    return parts


def _concatenated(name: str, parts: Iterable[Array], axis: int) -> Array:
    first, *others = parts = list(parts)
    if not first.ndim:
        raise ValueError(f"{name}: numbers (shape ()) have no axis to join along; stack makes a vector of them")
    axis = normalize_axis_index(axis, first.ndim)
    for i, x in enumerate(others, 1):
        if x.ndim != first.ndim or any(n != x.shape[k] for k, n in enumerate(first.shape) if k != axis):
            raise ValueError(
                f"{name}: array 0 has shape {first.shape} and array {i} has {x.shape}; "
                f"they may differ in the length of axis {axis} alone"
            )
    return concatenation(*parts, axis=axis)
