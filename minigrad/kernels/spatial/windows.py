"""The positions at which a filter or a pooling window lies on an image.

An image has any number of axes behind those of samples and channels: one for sound, two for pictures,
three for volumes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

Sizes = tuple[int, ...]  # a number for each axis of the image
Borders = tuple[tuple[int, int], ...]  # how much is added before and after, for each axis


def dilated_size(kernel: Sizes, dilation: Sizes) -> Sizes:
    """D · (F − 1) + 1 for each axis: how many pixels a window spans, with D − 1 left out between any two."""
    return tuple(d * (f - 1) + 1 for f, d in zip(kernel, dilation, strict=True))


def output_size(size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Sizes:
    """⌊(N − D·(F − 1) − 1 + P) / S⌋ + 1 for each axis, with P on both sides together: a window's positions."""
    spans = dilated_size(kernel, dilation)
    return tuple((n - f + sum(p)) // s + 1 for n, f, s, p in zip(size, spans, stride, padding, strict=True))


def pad(x: Any, padding: Borders) -> Any:
    """The images with zeros of this width around them."""
    if not any(map(any, padding)):
        return x
    size = tuple(n + before + after for n, (before, after) in zip(x.shape[2:], padding, strict=True))
    padded = np.zeros_like(x, shape=(*x.shape[:2], *size))
    unpad(padded, padding)[...] = x
    return padded


def unpad(x: Any, padding: Borders) -> Any:
    """The images without that border, as a view."""
    return x[:, :, *(slice(before, n - after) for n, (before, after) in zip(x.shape[2:], padding, strict=True))]


def taps(x: Any, kernel: Sizes, stride: Sizes, dilation: Sizes, positions: Sizes) -> Iterator[Any]:
    """For each place in the window, row by row: what lies there at every position, a view (N, C, *positions)."""
    for place in product(*map(range, kernel)):
        starts = [i * d for i, d in zip(place, dilation, strict=True)]
        yield x[:, :, *(slice(a, a + s * (n - 1) + 1, s) for a, s, n in zip(starts, stride, positions, strict=True))]
