"""Putting elements in order, and choosing by rank: sort, partition, median, quantiles.

The forward pass keeps where each element came from, and the error signal goes back there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.manipulation import sort as kernels
from minigrad.rules.arguments import as_array
from minigrad.rules.axes import ravel_if_no_axis

__all__ = ["partition", "sort"]


def _put_back(y_bar: Any, y: Any, x: Any, order: Any, axis: int, kth: Any = None) -> Any:
    return _reorder(y_bar, order=np.argsort(order, axis=axis), axis=axis)


# fmt: off

sort_primitive:      Primitive = Primitive("sort",      kernels.sort,      _put_back, saves=("order",))
_partition: Primitive = Primitive("partition", kernels.partition, _put_back, saves=("order",))
_reorder:   Primitive = Primitive("reorder",   kernels.reorder,   _put_back)
# fmt: on


def sort(x: Any, axis: int | None = -1) -> Any:
    """The elements in ascending order along an axis; all in one row if it is `None`.

    The error signal of each place goes to the element that stands there. Of elements that tie, the first stays first.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 1.0, 2.0], requires_grad=True)
    >>> mg.sort(x).backward([1.0, 10.0, 100.0])
    >>> x.grad
    array([100.,   1.,  10.])
    """
    x, axis = ravel_if_no_axis(as_array(x, "sort"), axis)
    return sort_primitive(x, axis=axis)


@implements(np.partition)
def partition(x: Any, kth: Any, axis: int | None = -1) -> Any:
    """What is smaller than the element of rank `kth` in front of it, what is larger behind, along an axis.

    Arguments:
        kth: counted from 0, or several; these places hold what they would hold if all were in order. The order
            among the others is not said.

    Raises:
        ValueError: if there is no such place.

    >>> import minigrad as mg
    >>> mg.partition(mg.Tensor([3.0, 1.0, 2.0]), 1)
    Tensor([1., 2., 3.])
    """
    x, axis = ravel_if_no_axis(as_array(x, "partition"), axis)
    return _partition(x, kth=kth, axis=axis)


@implements(np.sort)
def _np_sort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    return sort(a, axis)  # every kind of sorting puts the same numbers in order
