"""Sliding windows: how many positions a filter or a pooling window has on an image, and the pixels under it.

An image has any number of axes after those of samples and channels: one for sound, two for pictures, three for
volumes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import numpy as np

from minigrad.typing import Array

Ints = tuple[int, ...]  # one integer for each axis of the image
PadWidth = tuple[tuple[int, int], ...]  # pixels (before, after) for each axis, as in `np.pad`
Index = tuple[slice, ...]


# ---------------------------------------------------------------- sizes
def dilated_size(kernel: Ints, dilation: Ints) -> Ints:
    """D · (F − 1) + 1 for each axis: the pixels that a window spans, with D − 1 left out between neighbours."""
    return tuple(d * (f - 1) + 1 for f, d in zip(kernel, dilation, strict=True))


@lru_cache(maxsize=1024)  # a layer asks in every training step
def output_size(size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints) -> Ints:
    """⌊(N − D·(F − 1) − 1 + P) / S⌋ + 1 for each axis, where P is the padding of both sides together."""
    spans = dilated_size(kernel, dilation)
    return tuple((n - f + sum(p)) // s + 1 for n, f, s, p in zip(size, spans, stride, padding, strict=True))


# ---------------------------------------------------------------- padding
def pad(x: Array, padding: PadWidth) -> Array:
    """Images with a border of zeros."""
    if not any(map(any, padding)):
        return x
    size = tuple(n + before + after for n, (before, after) in zip(x.shape[2:], padding, strict=True))
    padded = np.zeros_like(x, shape=(*x.shape[:2], *size))
    unpad(padded, padding)[...] = x
    return padded


def unpad(x: Array, padding: PadWidth) -> Array:
    """Images without their border, as a view."""
    return x[:, :, *(slice(before, n - after) for n, (before, after) in zip(x.shape[2:], padding, strict=True))]


# ---------------------------------------------------------------- pixels
def shifted_views(x: Array, kernel: Ints, stride: Ints, dilation: Ints, out_size: Ints) -> Iterator[Array]:
    """For each element of the window, row by row: the pixels under it at all positions, a view (N, C, *out_size)."""
    for element in product(*map(range, kernel)):
        starts = [i * d for i, d in zip(element, dilation, strict=True)]
        yield x[:, :, *(slice(a, a + s * (n - 1) + 1, s) for a, s, n in zip(starts, stride, out_size, strict=True))]


def window_slices(
    size: Ints, kernel: Ints, stride: Ints, padding: PadWidth, dilation: Ints, out_size: Ints
) -> list[tuple[Index, Index]]:
    """For each element of the window, row by row: the positions at which it is inside the image, and the pixels there.

    The first is an index of outputs (N, C, *out_size), the second of images (N, C, *size), which are not padded.
    """
    axes = [
        [axis_slices(n, s, before, i * d, m) for i in range(f)]
        for n, f, s, (before, _), d, m in zip(size, kernel, stride, padding, dilation, out_size, strict=True)
    ]
    samples_and_channels = (slice(None), slice(None))
    return [
        (
            (*samples_and_channels, *(outputs for outputs, _ in element)),
            (*samples_and_channels, *(pixels for _, pixels in element)),
        )
        for element in product(*axes)
    ]


def axis_slices(n: int, stride: int, before: int, offset: int, out_size: int) -> tuple[slice, slice]:
    """The positions along one axis at which the pixel `offset` after the window's first is inside, and those pixels."""
    first = max(0, -((offset - before) // stride))
    count = max(0, min(out_size - 1, (n - 1 + before - offset) // stride) - first + 1)
    start = first * stride + offset - before if count else 0
    return slice(first, first + count), slice(start, start + max(0, (count - 1) * stride + 1), stride)
