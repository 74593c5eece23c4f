"""Choosing elements and putting them back."""

from __future__ import annotations

from typing import Any

import numpy as np


def where(condition: Any, a: Any, b: Any) -> Any:
    """``np.where``, with a scalar for a scalar where NumPy gives a 0-d array."""
    return np.where(condition, a, b)[()]


def scatter(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of this shape, with `values` added at `index`: an element named twice gets the sum."""
    out = np.zeros_like(values, shape=shape)
    if any(_may_repeat(part) for part in (index if isinstance(index, tuple) else (index,))):
        np.add.at(out, index, values)
    else:
        out[index] = values
    return out


def _may_repeat(part: Any) -> bool:
    """Whether this part of an index is a list of integers; slices, integers and masks name an element once."""
    return isinstance(part, list | tuple | np.ndarray) and np.asarray(part).dtype.kind in "iu"
