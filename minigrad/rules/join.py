"""Joining and splitting: what was put together gets its own part of the error signal back.

Parts that are cut out are slices, and copies add up: `repeat` and `tile` sum over theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.arrays import device_of, moved
from minigrad.dispatch import implements
from minigrad.primitive import Primitive
from minigrad.rules.select import along, getitem, scatter, whole
from minigrad.rules.shape import as_array, atleast_1d, atleast_2d, atleast_3d, broadcast_arrays, ravel, reshape

__all__ = [
    "append", "array_split", "column_stack", "concat", "concatenate", "dsplit", "dstack", "hsplit", "hstack",
    "meshgrid", "repeat", "split", "stack", "tile", "vsplit", "vstack",
]  # fmt: skip


def _own_part(i: int, y_bar: Any, y: Any, *xs: Any, axis: int) -> Any:
    start = sum(x.shape[axis] for x in xs[:i])
    return y_bar[along(axis, slice(start, start + xs[i].shape[axis]))]


def _sum_over_copies(y_bar: Any, y: Any, x: Any, reps: tuple[int, ...]) -> Any:
    """Each axis along which there are copies as two, the copies and what was copied; the sum over the copies."""
    copies = (1,) * (y.ndim - len(reps)) + reps
    shape: list[int] = []
    axes: list[int] = []
    for count, n in zip(copies, (1,) * (y.ndim - x.ndim) + x.shape, strict=True):
        if count != 1:
            axes.append(len(shape))
            shape.append(count)
        shape.append(n)
    return y_bar.reshape(tuple(shape)).sum(axis=tuple(axes))


def _sum_over_repeats(y_bar: Any, y: Any, x: Any, repeats: int | tuple[int, ...], axis: int) -> Any:
    n = x.shape[axis]
    if isinstance(repeats, tuple):
        sources = moved(np.repeat(np.arange(n), repeats), device_of(y_bar))
        return scatter(y_bar, index=along(axis, sources), shape=x.shape)
    return y_bar.reshape((*x.shape[:axis], n, repeats, *x.shape[axis + 1 :])).sum(axis=axis + 1)


_concatenate = Primitive("concatenate", lambda *xs, axis: np.concatenate(xs, axis=axis), each=_own_part)

_stack = Primitive(
    "stack",
    lambda *xs, axis: np.stack(xs, axis=axis),
    each=lambda i, y_bar, y, *xs, axis: y_bar[along(axis, i)],
)

_tile = Primitive("tile", lambda x, reps: np.tile(x, reps), _sum_over_copies)

_repeat = Primitive("repeat", lambda x, repeats, axis: np.repeat(x, repeats, axis=axis), _sum_over_repeats)


# ---------------------------------------------------------------- joining


@implements(np.concatenate)
def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """Arrays one after the other along an axis that they have.

    Arguments:
        arrays: Tensors and arrays, of one shape but for the length of that axis.
        axis: ``None`` makes a single axis of each first.

    Raises:
        ValueError: if the shapes do not fit together, or there are none.

    >>> import minigrad as mg
    >>> a, b = mg.Tensor([1.0, 2.0], requires_grad=True), mg.Tensor([3.0], requires_grad=True)
    >>> mg.concatenate([a, b]).backward([10.0, 20.0, 30.0])
    >>> a.grad, b.grad
    (array([10., 20.]), array([30.]))
    """
    parts = _parts("concatenate", arrays, axis)
    return _joined("concatenate", map(ravel, parts), 0) if axis is None else _joined("concatenate", parts, axis)


concat = concatenate


@implements(np.stack)
def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays of one shape, or numbers, side by side along a new axis.

    Arguments:
        axis: where the new axis is in the result.

    Raises:
        ValueError: if the shapes differ, or there are none.

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


@implements(np.hstack)
def hstack(arrays: Sequence[Any]) -> Any:
    """Arrays beside each other: along the second axis, vectors along their only one.

    >>> import minigrad as mg
    >>> mg.hstack([mg.Tensor([[1.0], [2.0]]), mg.Tensor([[3.0], [4.0]])])
    Tensor([[1., 3.],
            [2., 4.]])
    """
    parts = [atleast_1d(x) for x in _parts("hstack", arrays)]
    return _joined("hstack", parts, 0 if parts[0].ndim == 1 else 1)


@implements(np.vstack)
def vstack(arrays: Sequence[Any]) -> Any:
    """Arrays below each other, vectors as rows: along the first axis.

    >>> import minigrad as mg
    >>> mg.vstack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])])
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return _joined("vstack", [atleast_2d(x) for x in _parts("vstack", arrays)], 0)


@implements(np.dstack)
def dstack(arrays: Sequence[Any]) -> Any:
    """Arrays behind each other: along the third axis.

    >>> import minigrad as mg
    >>> mg.dstack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])]).shape
    (1, 2, 2)
    """
    return _joined("dstack", [atleast_3d(x) for x in _parts("dstack", arrays)], 2)


@implements(np.column_stack)
def column_stack(arrays: Sequence[Any]) -> Any:
    """Vectors as the columns of a matrix; matrices stand beside them as they are.

    >>> import minigrad as mg
    >>> mg.column_stack([mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])])
    Tensor([[1., 3.],
            [2., 4.]])
    """
    parts = [x if x.ndim > 1 else reshape(x, (x.size, 1)) for x in _parts("column_stack", arrays)]
    return _joined("column_stack", parts, 1)


@implements(np.append)
def append(x: Any, values: Any, axis: int | None = None) -> Any:
    """`x` with `values` behind it along an axis; both in a row first if no axis is given.

    >>> import minigrad as mg
    >>> mg.append(mg.Tensor([1.0, 2.0]), 3.0)
    Tensor([1., 2., 3.])
    """
    return concatenate([x, values], axis)


def _parts(name: str, arrays: Any, axis: Any = 0) -> list[Any]:
    if not isinstance(axis, int | np.integer | None):
        raise TypeError(f"{name}: axis is a {type(axis).__name__}; the arrays go into one list, {name}([a, b])")
    arrays = list(arrays)
    parts = [as_array(x, name, *arrays) for x in arrays]
    if not parts:
        raise ValueError(f"{name}: got no arrays, expected at least one")
    return parts


def _joined(name: str, parts: Iterable[Any], axis: int) -> Any:
    first, *others = parts = list(parts)
    if not first.ndim:
        raise ValueError(f"{name}: numbers (shape ()) have no axis to be joined along; stack makes a vector of them")
    axis = normalize_axis_index(axis, first.ndim)
    for i, x in enumerate(others, 1):
        if x.ndim != first.ndim or any(n != x.shape[k] for k, n in enumerate(first.shape) if k != axis):
            raise ValueError(
                f"{name}: array 0 has shape {first.shape} and array {i} has {x.shape}; "
                f"they may differ in the length of axis {axis} alone"
            )
    return _concatenate(*parts, axis=axis)


# ---------------------------------------------------------------- splitting


@implements(np.split)
def split(x: Any, sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts along an axis: so many of equal length, or cut at the places that are listed.

    Raises:
        ValueError: if the length cannot be divided by the number of sections.

    >>> import minigrad as mg
    >>> mg.split(mg.Tensor([1.0, 2.0, 3.0, 4.0]), 2)
    [Tensor([1., 2.]), Tensor([3., 4.])]
    """
    return _split("split", x, sections, axis, equal=True)


@implements(np.array_split)
def array_split(x: Any, sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts along an axis, like `split`; where the division leaves a rest, the first parts are longer by one.

    >>> import minigrad as mg
    >>> mg.array_split(mg.Tensor([1.0, 2.0, 3.0]), 2)
    [Tensor([1., 2.]), Tensor([3.])]
    """
    return _split("array_split", x, sections, axis, equal=False)


@implements(np.hsplit)
def hsplit(x: Any, sections: int | Sequence[int]) -> list[Any]:
    """Parts beside each other: `split` along the second axis, of a vector along its only one.

    >>> import minigrad as mg
    >>> [part.shape for part in mg.hsplit(mg.Tensor([[1.0, 2.0, 3.0]]), [1])]
    [(1, 1), (1, 2)]
    """
    x = _with_axes("hsplit", x, 1)
    return _split("hsplit", x, sections, 0 if x.ndim == 1 else 1, equal=True)


@implements(np.vsplit)
def vsplit(x: Any, sections: int | Sequence[int]) -> list[Any]:
    """Parts below each other: `split` along the first axis, of matrices and what has more axes.

    >>> import minigrad as mg
    >>> mg.vsplit(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), 2)
    [Tensor([[1., 2.]]), Tensor([[3., 4.]])]
    """
    return _split("vsplit", _with_axes("vsplit", x, 2), sections, 0, equal=True)


@implements(np.dsplit)
def dsplit(x: Any, sections: int | Sequence[int]) -> list[Any]:
    """Parts behind each other: `split` along the third axis.

    >>> import minigrad as mg
    >>> [part.shape for part in mg.dsplit(mg.Tensor([[[1.0, 2.0]]]), 2)]
    [(1, 1, 1), (1, 1, 1)]
    """
    return _split("dsplit", _with_axes("dsplit", x, 3), sections, 2, equal=True)


def _with_axes(name: str, x: Any, least: int) -> Any:
    x = as_array(x, name)
    if x.ndim < least:
        raise ValueError(f"{name}: got shape {x.shape}, expected {least} axes at least; split takes any axis")
    return x


def _split(name: str, x: Any, sections: Any, axis: int, equal: bool) -> list[Any]:
    x = as_array(x, name)
    axis = normalize_axis_index(axis, x.ndim)
    n = x.shape[axis]
    count = whole(name, sections)
    if isinstance(count, tuple):
        places = [0, *count, n]
    else:
        if count < 1:
            raise ValueError(f"{name}: got {count} sections, expected at least 1")
        if equal and n % count:
            raise ValueError(
                f"{name}: axis {axis} of shape {x.shape} has length {n}, which does not divide into {count} equal "
                "parts; array_split makes parts that differ by one"
            )
        places = [i * (n // count) + min(i, n % count) for i in range(count + 1)]
    return [getitem(x, along(axis, slice(a, b))) for a, b in pairwise(places)]


# ---------------------------------------------------------------- copies


@implements(np.tile)
def tile(x: Any, reps: int | Sequence[int]) -> Any:
    """The whole array laid side by side, as many times along each axis as `reps` says; its copies' signals add up.

    >>> import minigrad as mg
    >>> mg.tile(mg.Tensor([1.0, 2.0]), (2, 2))
    Tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    counts = whole("tile", reps)
    return _tile(as_array(x, "tile"), reps=counts if isinstance(counts, tuple) else (counts,))


@implements(np.repeat)
def repeat(x: Any, repeats: int | Sequence[int], axis: int | None = None) -> Any:
    """Each element several times in a row along an axis; the error signals of its copies add up.

    Arguments:
        repeats: how many times, for all elements or for each place along the axis.
        axis: of all elements in a row if ``None``.

    Raises:
        ValueError: if there are not as many counts as places.

    >>> import minigrad as mg
    >>> mg.repeat(mg.Tensor([1.0, 2.0]), [1, 3])
    Tensor([1., 2., 2., 2.])
    """
    x = as_array(x, "repeat")
    if axis is None:
        x, axis = (x if x.ndim == 1 else ravel(x)), 0
    axis = normalize_axis_index(axis, x.ndim)
    counts = whole("repeat", repeats)
    if isinstance(counts, tuple) and len(counts) == 1:
        (counts,) = counts
    if isinstance(counts, tuple) and len(counts) != x.shape[axis]:
        raise ValueError(
            f"repeat: got {len(counts)} counts for axis {axis} of shape {x.shape}, expected {x.shape[axis]} or one"
        )
    return _repeat(x, repeats=counts, axis=axis)


@implements(np.meshgrid)
def meshgrid(*xs: Any, indexing: str = "xy", sparse: bool = False, copy: bool = True) -> tuple[Any, ...]:
    """The coordinates of a grid from those of its axes: an array for each of them, over the whole grid.

    Arguments:
        xs: vectors.
        indexing: "ij" counts the first vector along the first axis; "xy" along the second, as in a picture.
        sparse: leave the other axes at length 1, for broadcasting.
        copy: not looked at: a Tensor's value is never written into.

    Raises:
        ValueError: if `indexing` is neither.

    >>> import minigrad as mg
    >>> x, y = mg.meshgrid(mg.Tensor([1.0, 2.0, 3.0]), mg.Tensor([10.0, 20.0]))
    >>> x.shape, y.shape
    ((2, 3), (2, 3))
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: got indexing={indexing!r}, expected 'xy' or 'ij'")
    places = list(range(len(xs)))
    if indexing == "xy":
        places[:2] = places[:2][::-1]
    arrays = [as_array(x, "meshgrid", *xs) for x in xs]
    axes = tuple(
        reshape(x, tuple(x.size if k == place else 1 for k in range(len(xs))))
        for x, place in zip(arrays, places, strict=True)
    )
    return axes if sparse else broadcast_arrays(*axes)
