"""Groups of neighbouring channels: as an axis of their own, and the mean of each."""

from __future__ import annotations

import numpy as np

from minigrad.typing import Array

__all__ = ["group_mean", "in_groups", "of_elements"]


def in_groups(array: Array, groups: int, axis: int = 1) -> Array:
    """Channels (…, C, …), which lie along this axis, as (…, G, C/G, …)."""
    shape = array.shape
    return array.reshape(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])


def of_elements(numbers: Array, x: Array) -> Array:
    """A number of each group, shape (N, G, 1, 1, …), in the place of each element of x, (N, C, *size)."""
    groups = in_groups(x, numbers.shape[1])
    return np.broadcast_to(numbers, groups.shape).reshape(x.shape)


def group_mean(x: Array, *, groups: int) -> Array:
    """Each element of (N, C, *size) replaced by the mean of its group in its sample."""
    dtype = np.result_type(x, np.float16)  # of whole numbers float64
    if not x.size:
        return x.astype(dtype)
    along = tuple(range(2, x.ndim + 1))
    single = np.result_type(dtype, np.float32)  # half precision cannot count beyond 65504
    return of_elements(in_groups(x, groups).mean(axis=along, keepdims=True, dtype=single).astype(dtype), x)
