"""Joining arrays, inserting and deleting elements: each array gets its own part of the error signal back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import DTypeLike

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.core.tensor import holds_tensors
from minigrad.device import device_of, to_device, to_host
from minigrad.kernels.axes import index_along
from minigrad.kernels.complex import require_real
from minigrad.rules import builtin_axes
from minigrad.rules.axes import ravel_if_no_axis
from minigrad.rules.convert_arguments import as_array, as_arrays
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.shape import atleast_1d, atleast_2d, atleast_3d, broadcast_to, ravel, reshape
from minigrad.rules.manipulation.transpose import moveaxis
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = [
    "append", "block", "column_stack", "concat", "concatenate", "delete", "dstack", "hstack", "insert", "stack",
    "vstack",
]  # fmt: skip


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
def concatenate(
    arrays: Sequence[Array], axis: int | None = 0, *, dtype: DTypeLike | None = None, casting: Any = "same_kind"
) -> Array:
    """Join arrays along an existing axis.

    Arguments:
        arrays: Tensors and arrays, whose shapes may differ in the length of that axis alone.
        axis: ``None`` flattens each of them first.
        dtype: that of the result; NumPy's choice for these arrays by default.
        casting: which conversions are allowed to that dtype, as in ``np.can_cast``.

    Raises:
        ValueError: if the shapes do not fit together, or there are no arrays.
        TypeError: if `casting` does not allow the conversion.

    >>> import minigrad as mg
    >>> a, b = mg.Tensor([1.0, 2.0], requires_grad=True), mg.Tensor([3.0], requires_grad=True)
    >>> mg.concatenate([a, b]).backward([10.0, 20.0, 30.0])
    >>> a.grad, b.grad
    (array([10., 20.]), array([30.]))
    """
    parts = _parts("concatenate", arrays, axis, dtype, casting)
    if axis is None:
        return _concatenated("concatenate", map(ravel, parts), 0)
    return _concatenated("concatenate", parts, axis)


concat = concatenate


@implements(np.stack)
def stack(
    arrays: Sequence[Array], axis: int = 0, *, dtype: DTypeLike | None = None, casting: Any = "same_kind"
) -> Array:
    """Join arrays of one shape, or numbers, along a new axis.

    Arguments:
        axis: the position of the new axis in the result.
        dtype, casting: as in `concatenate`.

    Raises:
        ValueError: if the shapes differ, or there are no arrays.

    >>> import minigrad as mg
    >>> mg.stack([mg.Tensor(1.0), 2.0, mg.Tensor(3.0)])
    Tensor([1., 2., 3.])
    """
    parts = _parts("stack", arrays, axis, dtype, casting)
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

    Arguments:
        values: an array, a number, or a nested list of numbers and Tensors.

    >>> import minigrad as mg
    >>> mg.append(mg.Tensor([1.0, 2.0]), 3.0)
    Tensor([1., 2., 3.])
    """
    return concatenate([x, _listed(values)], axis)


# ---------------------------------------------------------------- horizontally, vertically, in depth
@implements(np.hstack)
def hstack(arrays: Sequence[Array], *, dtype: DTypeLike | None = None, casting: Any = "same_kind") -> Array:
    """Join arrays horizontally: along the second axis, vectors along their only one.

    >>> import minigrad as mg
    >>> mg.hstack([mg.Tensor([[1.0], [2.0]]), mg.Tensor([[3.0], [4.0]])])
    Tensor([[1., 3.],
            [2., 4.]])
    """
    parts = [atleast_1d(x) for x in _parts("hstack", arrays, dtype=dtype, casting=casting)]
    return _concatenated("hstack", parts, 0 if parts[0].ndim == 1 else 1)


@implements(np.vstack)
def vstack(arrays: Sequence[Array], *, dtype: DTypeLike | None = None, casting: Any = "same_kind") -> Array:
    """Join arrays vertically: along the first axis, vectors as rows.

    >>> import minigrad as mg
    >>> mg.vstack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])])
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return _concatenated("vstack", [atleast_2d(x) for x in _parts("vstack", arrays, dtype=dtype, casting=casting)], 0)


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


@implements(np.block)
def block(arrays: Any) -> Array:
    """A matrix of its blocks, or an array of more axes, from nested lists of arrays.

    The innermost lists are joined along the last axis, those around them along the axis before it, and so on. Numbers,
    and arrays with fewer axes, get axes of length 1 in front.

    Raises:
        ValueError: if a list is empty, the lists are not nested equally deep, or the blocks do not fit together.
        TypeError: if a tuple is among the lists.

    >>> import minigrad as mg
    >>> A, b = mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), mg.Tensor([[5.0], [6.0]])
    >>> mg.block([[A, b], [b.T, 0.0]])
    Tensor([[1., 2., 5.],
            [3., 4., 6.],
            [5., 6., 0.]])
    """
    depths = {len(place) for place, _ in _leaves(arrays)}
    if len(depths) != 1:
        levels = " and ".join(map(str, sorted(depths)))
        raise ValueError(f"block: got arrays in {levels} nested lists, expected the same number for all")
    (depth,) = depths
    blocks = as_arrays([leaf for _, leaf in _leaves(arrays)], "block")
    ndim = max(depth, *(x.ndim for x in blocks))
    parts = iter([x if x.ndim == ndim else reshape(x, (1,) * (ndim - x.ndim) + x.shape) for x in blocks])

    def joined(nested: Any, axis: int) -> Array:
        return _concatenated("block", [joined(part, axis + 1) for part in nested], axis) if axis else next(parts)

    return joined(arrays, -depth)


def _leaves(arrays: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The arrays in nested lists, and the place of each."""
    if isinstance(arrays, tuple):
        raise TypeError("block: got a tuple, expected lists of arrays")
    if not isinstance(arrays, list):
        yield place, arrays
        return
    if not arrays:
        raise ValueError(f"block: the list at {list(place)} is empty")
    for i, part in enumerate(arrays):
        yield from _leaves(part, (*place, i))


# ---------------------------------------------------------------- inserting and deleting
@implements(np.insert)
def insert(x: Array, indices: Any, values: Array, axis: int | None = None) -> Array:
    """`values` inserted before the elements at these indices along an axis.

    Arguments:
        indices: a number, before which all values are inserted; or a list, a slice or a mask, before each of which one
            of them is.
        values: what broadcasts to the inserted part, converted to the dtype of `x`.
        axis: ``None`` flattens `x`.

    Raises:
        IndexError: if an index is out of range.
        TypeError: if `values` require gradients, and `x` has whole numbers.

    >>> import minigrad as mg
    >>> mg.insert(mg.Tensor([1.0, 2.0, 3.0]), 1, [10.0, 20.0])
    Tensor([ 1., 10., 20.,  2.,  3.])
    """
    x, values = as_arrays((x, _listed(values)), "insert")
    if axis is None:
        x, axis = ravel_if_no_axis(x, axis)
    axis = normalize_axis_index(axis, x.ndim)
    n, places = x.shape[axis], _places("insert", indices, x.shape[axis])
    if x.dtype.kind not in "fc" and getattr(values, "requires_grad", False):
        raise TypeError(
            f"insert: values require gradients, and {x.dtype} numbers have none; convert x with astype(float)"
        )
    if is_real(x):
        require_real(values, "insert")
    if values.ndim < x.ndim:
        values = reshape(values, (1,) * (x.ndim - values.ndim) + values.shape)
    if places.ndim == 0:  # as NumPy: each element is a slice to insert
        values = moveaxis(values, 0, axis)
    count = values.shape[axis] if places.size == 1 else places.size
    values = broadcast_to(values, (*x.shape[:axis], count, *x.shape[axis + 1 :])).astype(x.dtype, copy=False)
    order = np.insert(np.arange(n), places if places.size != 1 else places.item(), n + np.arange(count))
    return _in_order(concatenation(x, values, axis=axis), order, axis)


@implements(np.delete)
def delete(x: Array, indices: Any, axis: int | None = None) -> Array:
    """The elements along an axis without those at these indices, which get the error signal 0.

    Arguments:
        indices: a number, a list of them, a slice, or a mask.
        axis: ``None`` flattens `x`.

    Raises:
        IndexError: if an index is out of range.

    >>> import minigrad as mg
    >>> mg.delete(mg.Tensor([1.0, 2.0, 3.0, 4.0]), [0, 2])
    Tensor([2., 4.])
    """
    x = as_array(x, "delete")
    if axis is None:
        x, axis = ravel_if_no_axis(x, axis)
    axis = normalize_axis_index(axis, x.ndim)
    return _in_order(x, np.delete(np.arange(x.shape[axis]), _places("delete", indices, x.shape[axis])), axis)


def _places(name: str, indices: Any, n: int) -> Any:
    """A number, a list, a slice or a mask as whole numbers."""
    if isinstance(indices, slice):
        return np.arange(*indices.indices(n))
    places = np.asarray(to_host(unwrap(indices)))
    if places.dtype == bool:
        if places.shape != (n,):
            raise ValueError(f"{name}: got a mask of shape {places.shape}, expected {(n,)}, as the axis is long")
        return np.flatnonzero(places)
    if places.dtype.kind not in "iu" and places.size:
        raise IndexError(f"{name}: expected whole numbers as indices, got {places.dtype}")
    return places.astype(int)


def _in_order(x: Array, order: Any, axis: int) -> Array:
    return x[index_along(axis, to_device(order, device_of(x)))]


# ---------------------------------------------------------------- NumPy's functions whose signature differs
@implements(np.asarray)
@implements(np.array)
def _np_array(object: Any, dtype: DTypeLike | None = None) -> Array:
    """``np.array([s, t], like=t)``, nested lists of Tensors as one Tensor: without ``like=`` NumPy asks nobody."""
    y = stack([_np_array(part) for part in object]) if _holds_tensors(object) else as_array(object, "array")
    return y if dtype is None else astype(y, dtype, copy=False)


def _listed(values: Any) -> Any:
    """A nested list that holds Tensors as one Tensor; anything else as it is."""
    return _np_array(values) if _holds_tensors(values) else values


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, list | tuple) and holds_tensors(value)


# ---------------------------------------------------------------- what the functions above share
def _parts(
    name: str, arrays: Any, axis: Any = None, dtype: DTypeLike | None = None, casting: Any = "same_kind"
) -> list[Array]:
    """The arrays to join, in the dtype of the result, if one is given."""
    if not isinstance(axis, int | np.integer | None):
        raise TypeError(f"{name}: axis is a {type(axis).__name__}; pass the arrays as one list, {name}([a, b])")
    parts = as_arrays(arrays, name)
    if not parts:
        raise ValueError(f"{name}: got no arrays, expected at least one")
    return parts if dtype is None else _in_dtype(name, parts, dtype, casting)


def _in_dtype(name: str, parts: list[Array], dtype: DTypeLike, casting: Any) -> list[Array]:
    for x in parts:
        if not np.can_cast(x.dtype, dtype, casting):
            raise TypeError(
                f"{name}: casting={casting!r} does not allow {x.dtype} to become {np.dtype(dtype)}; convert the array "
                "before, t.astype(dtype)"
            )
    return [astype(x, dtype, copy=False) for x in parts]


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
