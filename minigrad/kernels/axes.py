"""Indices along one axis of an array."""

from __future__ import annotations

from typing import Any

__all__ = ["index_along"]


def index_along(axis: int, index: Any) -> tuple[Any, ...]:
    """The index that applies `index` to one axis, counted from the front, and keeps the other axes whole.

    >>> import numpy as np
    >>> np.arange(6).reshape(2, 3)[index_along(1, slice(1, None))]
    array([[1, 2],
           [4, 5]])
    """
    return (*(slice(None),) * axis, index)
