"""Choosing elements and putting them back."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import refuse_mixed


def getitem(x: Any, index: Any) -> Any:
    """``x[index]``; an index on another device is refused, which CuPy would move without a word."""
    if type(x) is not np.ndarray:
        refuse_mixed("getitem", x, index)
    return x[index]


def scatter(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of this shape, with `values` added at `index`: an element named twice gets the sum."""
    out = np.zeros_like(values, shape=shape, order="C")  # row by row, so that reshape gives a view
    if not any(_may_repeat(part) for part in (index if isinstance(index, tuple) else (index,))):
        out[index] = values
    elif hasattr(out, "scatter_add"):  # the name that CuPy's arrays have for np.add.at
        out.scatter_add(index, values)
    elif out.ndim > 1 and out.size < 4 * values.size:  # on a single axis np.add.at is two to four times as fast
        places = np.arange(out.size).reshape(shape)[index]
        np.add.at(out.reshape(-1), places.reshape(-1), values.reshape(-1))
    else:
        np.add.at(out, index, values)
    return out


def _may_repeat(part: Any) -> bool:
    """Whether this part of an index is a list of integers; slices, integers and masks name an element once."""
    if isinstance(part, list | tuple):
        part = np.asarray(part)
    return getattr(part, "ndim", 0) > 0 and part.dtype.kind in "iu"
