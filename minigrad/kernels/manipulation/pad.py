"""Padding, and the elements that the padding repeats."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.typing import Array

Widths = tuple[tuple[int, int], ...]


def sources(n: int, before: int, after: int, mode: str, device: str) -> Array:
    """For each position along a padded axis of length n, the index of the element that it repeats."""
    return to_device(np.pad(np.arange(n), (before, after), mode=mode), device)  # type: ignore[call-overload]


def pad(x: Array, pad_width: Widths, mode: str, constant_values: Any) -> Array:
    """``np.pad``; all modes but "constant" repeat elements of `x`, along one axis after another."""
    if mode == "constant":
        return np.pad(x, pad_width or 0, constant_values=constant_values)
    for axis, (before, after) in enumerate(pad_width):
        if before or after:
            x = x[index_along(axis, sources(x.shape[axis], before, after, mode, device_of(x)))]
    return x
