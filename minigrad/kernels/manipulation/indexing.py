"""Indexing, and scattering values into zeros."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from minigrad.device import device_of, refuse_mixed, to_device
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.recorder import recordable
from minigrad.typing import Array


def getitem(x: Array, index: Any) -> Array:
    """``x[index]``; refuses an index on another device, which CuPy would copy silently."""
    if type(x) is not np.ndarray:
        refuse_mixed("getitem", x, index)
    return x[index]


def scatter(values: Array, index: Any, shape: tuple[int, ...]) -> Array:
    """Zeros of this shape, with `values` added at `index`: an element that is indexed twice gets the sum."""
    repeats = any(_may_repeat(part) for part in (index if isinstance(index, tuple) else (index,)))
    return in_single_precision(_added, values, index, shape) if repeats else _placed(values, index, shape)


def _placed(values: Array, index: Any, shape: tuple[int, ...]) -> Array:
    out = np.zeros_like(values, shape=shape, order="C")
    out[index] = values
    return out


def _added(values: Array, index: Any, shape: tuple[int, ...]) -> Array:
    out = np.zeros_like(values, shape=shape, order="C")  # C order, so that reshape gives a view
    if type(out) is not np.ndarray:
        add = import_module("cupy").add  # np.add.at refuses CuPy's arrays
        if out.dtype.kind == "c":  # and cupy.add.at complex ones
            add.at(out.real, index, values.real)
            add.at(out.imag, index, values.imag)
        else:
            add.at(out, index, values)
    elif out.ndim > 1 and out.size < 4 * values.size:  # np.add.at is two to four times as fast on a single axis
        positions = np.arange(out.size).reshape(shape)[index]
        np.add.at(out.reshape(-1), positions.reshape(-1), values.reshape(-1))
    else:
        np.add.at(out, index, values)
    return out


@recordable
def last_of_each(index: Array, size: int) -> Array:
    """Which elements of a list of indices, each from 0 to `size` − 1, are not repeated later in the list."""
    count = to_device(np.arange(1, index.size + 1, dtype=np.uint64), device_of(index))
    last = np.zeros_like(count, shape=size)
    if type(index) is np.ndarray:
        last[index] = count
    else:  # a GPU writes in any order
        import_module("cupy").maximum.at(last, index, count)
    return last[index] == count


def _may_repeat(part: Any) -> bool:
    """Whether this part of an index is a list of integers; slices, integers and masks index each element once."""
    if isinstance(part, list | tuple):
        part = np.asarray(part)
    return getattr(part, "ndim", 0) > 0 and part.dtype.kind in "iu"
