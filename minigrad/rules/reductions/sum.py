"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.axes import array_and_axis, expand
from minigrad.rules.manipulation.shape import broadcast_to
from minigrad.typing import Axis

__all__ = ["sum"]


def broadcast_back(y_bar: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    return broadcast_to(expand(y_bar, axis, keepdims), x.shape)


_sum = Primitive(
    "sum",
    lambda x, axis, keepdims: x.sum(axis=axis, keepdims=keepdims),
    lambda y_bar, y, x, axis, keepdims: broadcast_back(y_bar, x, axis, keepdims),
    symbol="Σ",
)


@implements(np.sum)
def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum over one axis, several, or all; the sum of nothing is 0.

    >>> import minigrad as mg
    >>> mg.sum(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    Tensor([4., 6.])
    """
    x, axis = array_and_axis(x, axis, "sum")
    return _sum(x, axis=axis, keepdims=keepdims)
