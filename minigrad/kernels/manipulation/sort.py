"""Sorting and partitioning, which also give the order: the index that each element had before."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.typing import Array


def sort(x: Array, axis: int) -> tuple[Array, Array]:
    """The elements in ascending order, and their indices; a stable sort."""
    order = np.argsort(x, axis=axis, kind="stable")
    return np.take_along_axis(x, order, axis=axis), order


def partition(x: Array, kth: Any, axis: int) -> tuple[Array, Array]:
    """Smaller elements before index `kth`, larger ones after it, and their indices."""
    order = np.argpartition(x, kth, axis=axis)
    return np.take_along_axis(x, order, axis=axis), order


def reorder(x: Array, order: Any, axis: int) -> Array:
    """The elements at these indices."""
    return np.take_along_axis(x, order, axis=axis)
