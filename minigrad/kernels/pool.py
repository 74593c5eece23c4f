"""Max-pooling and its switches.

A switch is the place in the window, counted row by row, that took the maximum. Working place by place
(four for a 2×2 window) instead of window by window keeps every step a whole-array operation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.windows import Borders, Sizes, output_size, pad, taps, unpad


def max_pool2d(x: Any, *, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> tuple[Any, Any]:
    """The largest element of each window, and its switch; of those that tie, or are NaN, the first."""
    positions = output_size(x.shape[2:], kernel, stride, padding, dilation)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    places = list(taps(pad(x, padding, lowest), kernel, stride, dilation, positions))
    largest = places[0].copy()
    for place in places[1:]:
        np.maximum(largest, place, out=largest)
    unequal = np.not_equal if not np.isnan(largest).any() else _unequal
    # The first place that equals the largest: one more for every place before it that does not.
    missed = unequal(places[0], largest)
    switches = missed.astype(np.min_scalar_type(len(places)))
    for place in places[1:-1]:
        missed &= unequal(place, largest)
        switches += missed
    return largest, switches


def _unequal(a: Any, b: Any) -> Any:
    """``a != b``, where NaN equals NaN."""
    return (a != b) & ~(np.isnan(a) & np.isnan(b))


def unpool(
    y_bar: Any, *, switches: Any, size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes
) -> Any:
    """Images of this size with each element of `y_bar` added at the place its switch names."""
    padded = tuple(n + sum(p) for n, p in zip(size, padding, strict=True))
    x_bar = np.zeros_like(y_bar, shape=(*y_bar.shape[:2], *padded))
    overlapping = any(s < f for s, f in zip(stride, kernel, strict=True)) or max(dilation) > 1
    for i, place in enumerate(taps(x_bar, kernel, stride, dilation, y_bar.shape[2:])):
        if overlapping:
            place += y_bar * (switches == i)  # ten times as fast as np.where
        else:
            np.multiply(y_bar, switches == i, out=place)
    return unpad(x_bar, padding)


def pick(x: Any, *, switches: Any, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Any:
    """The element of each window that its switch names."""
    y = np.zeros_like(x, shape=switches.shape)
    for i, place in enumerate(taps(pad(x, padding), kernel, stride, dilation, switches.shape[2:])):
        y += place * (switches == i)
    return y
