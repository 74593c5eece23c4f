"""Borders around arrays: which element of the array each place of the border repeats."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along

Widths = tuple[tuple[int, int], ...]


def sources(n: int, before: int, after: int, mode: str, device: str) -> Any:
    """Along an axis of length n with a border: for each place the index of the element that stands there."""
    return to_device(np.pad(np.arange(n), (before, after), mode=mode), device)  # type: ignore[call-overload]


def pad(x: Any, pad_width: Widths, mode: str, constant_values: Any) -> Any:
    """``np.pad``, where all modes but "constant" repeat elements of `x`, along one axis after the other."""
    if mode == "constant":
        return np.pad(x, pad_width or 0, constant_values=constant_values)
    for axis, (before, after) in enumerate(pad_width):
        if before or after:
            x = x[index_along(axis, sources(x.shape[axis], before, after, mode, device_of(x)))]
    return x
