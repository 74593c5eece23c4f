"""Sorting and partitioning.

The forward pass saves where each element came from, and the error signal goes back there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.manipulation import sort as kernels
from minigrad.rules.axes import ravel_if_no_axis
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.conversion import astype
from minigrad.typing import Array

__all__ = ["partition", "sort", "sort_complex"]


def _inverse_order(y_bar: Array, y: Array, x: Array, order: Array, axis: int, kth: Any = None) -> Array:
    return _reorder(y_bar, order=np.argsort(order, axis=axis), axis=axis)


# fmt: off

_sort:      Primitive = Primitive("sort",      kernels.sort,      _inverse_order, saves=("order",), axes=along_axis)
_partition: Primitive = Primitive("partition", kernels.partition, _inverse_order, saves=("order",), axes=along_axis)
_reorder:   Primitive = Primitive("reorder",   kernels.reorder,   _inverse_order,                   axes=along_axis)
# fmt: on


@implements(np.sort)
def sort(x: Array, axis: int | None = -1, kind: str | None = None, *, stable: bool | None = None) -> Array:
    """The elements in ascending order along an axis; ``None`` flattens `x`.

    The error signal of each element goes back to where the element was. The sort is stable: the first of equal
    elements stays first.

    Arguments:
        kind, stable: NumPy's choice of an algorithm. All give the same values, and here all are stable.

    Raises:
        ValueError: if there is no such `kind`.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 1.0, 2.0], requires_grad=True)
    >>> mg.sort(x).backward([1.0, 10.0, 100.0])
    >>> x.grad
    array([100.,   1.,  10.])
    """
    if kind not in (None, "quicksort", "heapsort", "mergesort", "stable"):
        raise ValueError(f"sort: got kind={kind!r}, expected 'quicksort', 'heapsort', 'mergesort' or 'stable'")
    x, axis = ravel_if_no_axis(as_array(x, "sort"), axis)
    return _sort(x, axis=axis)


@implements(np.sort_complex)
def sort_complex(x: Array) -> Array:
    """The elements along the last axis as complex numbers, in ascending order: by real parts, then imaginary parts.

    >>> import minigrad as mg
    >>> mg.sort_complex(mg.Tensor([2.0, 1.0 + 1.0j, 1.0 - 1.0j]))
    Tensor([1.-1.j, 1.+1.j, 2.+0.j], dtype=complex128)
    """
    y = sort(x)
    return y if y.dtype.kind == "c" else astype(y, np.result_type(y.dtype, np.complex64))


@implements(np.partition)
def partition(x: Array, kth: Any, axis: int | None = -1) -> Array:
    """Along an axis, smaller elements before the element of rank `kth`, larger ones after it.

    Arguments:
        kth: a rank, counted from 0, or several. The elements of these ranks are where sorting would put them; the
            order of the others is arbitrary.

    Raises:
        ValueError: if a rank is out of range.

    >>> import minigrad as mg
    >>> mg.partition(mg.Tensor([3.0, 1.0, 2.0]), 1)
    Tensor([1., 2., 3.])
    """
    x, axis = ravel_if_no_axis(as_array(x, "partition"), axis)
    return _partition(x, kth=kth, axis=axis)
