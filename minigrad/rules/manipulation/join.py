"""Joining and splitting: what was put together gets its own part of the error signal back.

Parts that are cut out are slices, and copies add up: `repeat` and `tile` sum over theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.rules.arguments import as_array
from minigrad.rules.manipulation.shape import atleast_1d, atleast_2d, atleast_3d, ravel, reshape

__all__ = ["append", "column_stack", "concat", "concatenate", "dstack", "hstack", "stack", "vstack"]


def _own_part(i: int, y_bar: Any, y: Any, *xs: Any, axis: int) -> Any:
    start = sum(x.shape[axis] for x in xs[:i])
    return y_bar[index_along(axis, slice(start, start + xs[i].shape[axis]))]


_concatenate = Primitive("concatenate", lambda *xs, axis: np.concatenate(xs, axis=axis), each=_own_part)
_stack = Primitive(
    "stack",
    lambda *xs, axis: np.stack(xs, axis=axis),
    each=lambda i, y_bar, y, *xs, axis: y_bar[index_along(axis, i)],
)


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
