"""Splitting an array: every part is a slice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements, numpy_functions
from minigrad.kernels.axes import index_along
from minigrad.rules.convert_arguments import as_array, as_integers
from minigrad.rules.manipulation.indexing import getitem
from minigrad.typing import Array

__all__ = ["array_split", "dsplit", "hsplit", "split", "unstack", "vsplit"]


@implements(np.split)
def split(x: Array, sections: int | Sequence[int], axis: int = 0) -> list[Array]:
    """Split along an axis, into a number of equal parts or at the listed indices.

    Raises:
        ValueError: if the axis does not divide into this number of equal parts.

    >>> import minigrad as mg
    >>> mg.split(mg.Tensor([1.0, 2.0, 3.0, 4.0]), 2)
    [Tensor([1., 2.]), Tensor([3., 4.])]
    """
    return _split("split", x, sections, axis, equal=True)


@implements(np.array_split)
def array_split(x: Array, sections: int | Sequence[int], axis: int = 0) -> list[Array]:
    """Split along an axis, like `split`; if the length does not divide, the first parts are longer by one.

    >>> import minigrad as mg
    >>> mg.array_split(mg.Tensor([1.0, 2.0, 3.0]), 2)
    [Tensor([1., 2.]), Tensor([3.])]
    """
    return _split("array_split", x, sections, axis, equal=False)


@implements(np.hsplit)
def hsplit(x: Array, sections: int | Sequence[int]) -> list[Array]:
    """Split horizontally: along the second axis, a vector along its only one.

    >>> import minigrad as mg
    >>> [part.shape for part in mg.hsplit(mg.Tensor([[1.0, 2.0, 3.0]]), [1])]
    [(1, 1), (1, 2)]
    """
    x = _with_ndim("hsplit", x, 1)
    return _split("hsplit", x, sections, 0 if x.ndim == 1 else 1, equal=True)


@implements(np.vsplit)
def vsplit(x: Array, sections: int | Sequence[int]) -> list[Array]:
    """Split vertically: along the first axis of a matrix, or of an array with more axes.

    >>> import minigrad as mg
    >>> mg.vsplit(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), 2)
    [Tensor([[1., 2.]]), Tensor([[3., 4.]])]
    """
    return _split("vsplit", _with_ndim("vsplit", x, 2), sections, 0, equal=True)


@implements(np.dsplit)
def dsplit(x: Array, sections: int | Sequence[int]) -> list[Array]:
    """Split in depth: along the third axis.

    >>> import minigrad as mg
    >>> [part.shape for part in mg.dsplit(mg.Tensor([[[1.0, 2.0]]]), 2)]
    [(1, 1, 1), (1, 1, 1)]
    """
    return _split("dsplit", _with_ndim("dsplit", x, 3), sections, 2, equal=True)


def unstack(x: Array, axis: int = 0) -> tuple[Array, ...]:
    """The slices along an axis, each without it: the inverse of `stack`.

    Raises:
        ValueError: if `x` is a single number.

    >>> import minigrad as mg
    >>> mg.unstack(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    (Tensor([1., 2.]), Tensor([3., 4.]))
    """
    x = _with_ndim("unstack", x, 1)
    axis = normalize_axis_index(axis, x.ndim)
    return tuple(getitem(x, index_along(axis, i)) for i in range(x.shape[axis]))


if hasattr(np, "unstack"):  # since NumPy 2.1
    numpy_functions[np.unstack] = unstack


def _with_ndim(name: str, x: Array, least: int) -> Array:
    x = as_array(x, name)
    if x.ndim < least:
        raise ValueError(f"{name}: got shape {x.shape}, expected at least {least} axes; split takes any axis")
    return x


def _split(name: str, x: Array, sections: Any, axis: int, equal: bool) -> list[Array]:
    x = as_array(x, name)
    axis = normalize_axis_index(axis, x.ndim)
    n = x.shape[axis]
    count = as_integers(name, sections)
    if isinstance(count, tuple):
        bounds = [0, *count, n]
    else:
        if count < 1:
            raise ValueError(f"{name}: got {count} sections, expected at least 1")
        if equal and n % count:
            raise ValueError(
                f"{name}: axis {axis} of shape {x.shape} has length {n}, which does not divide into {count} equal "
                "parts; array_split makes parts whose lengths differ by one"
            )
        bounds = [i * (n // count) + min(i, n % count) for i in range(count + 1)]
    return [getitem(x, index_along(axis, slice(a, b))) for a, b in pairwise(bounds)]
