"""Elements in order, and the way each of them took."""

from __future__ import annotations

from typing import Any

import numpy as np


def sort(x: Any, axis: int) -> tuple[Any, Any]:
    """The elements in ascending order, and the places they come from; equal ones stay as they stand."""
    order = np.argsort(x, axis=axis, kind="stable")
    return np.take_along_axis(x, order, axis=axis), order


def partition(x: Any, kth: Any, axis: int) -> tuple[Any, Any]:
    """Smaller elements in front of place `kth`, larger ones behind, and the places they come from."""
    order = np.argpartition(x, kth, axis=axis)
    return np.take_along_axis(x, order, axis=axis), order


def reorder(x: Any, order: Any, axis: int) -> Any:
    """The elements from these places."""
    return np.take_along_axis(x, order, axis=axis)
