"""Arrays that are 0 outside one diagonal."""

from __future__ import annotations

import numpy as np

from minigrad.typing import Array


def on_diagonal(values: Array, *, offset: int, axis1: int, axis2: int, shape: tuple[int, ...]) -> Array:
    """Zeros of this shape, with the last axis of `values` on the diagonal of `axis1` and `axis2`."""
    rows, columns = shape[axis1], shape[axis2]
    out = np.zeros_like(values, shape=(*values.shape[:-1], rows, columns), order="C")
    first = offset if offset >= 0 else -offset * columns
    step = columns + 1  # from one element of the diagonal to the next in the flattened matrix
    out.reshape(*values.shape[:-1], rows * columns)[..., first : first + values.shape[-1] * step : step] = values
    return np.moveaxis(out, (-2, -1), (axis1, axis2))
