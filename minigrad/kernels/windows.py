"""The positions at which a filter or a pooling window lies on an image, as views without copying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Pair = tuple[int, int]


def output_size(size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> Pair:
    """⌊(N − F + 2P) / S⌋ + 1 for both axes: how many positions a window has."""
    height, width = ((n - f + 2 * p) // s + 1 for n, f, s, p in zip(size, kernel, stride, padding, strict=True))
    return height, width


def pad(x: Any, padding: Pair, value: float = 0) -> Any:
    """The images with a border of this width (rows, columns) around them."""
    if padding == (0, 0):
        return x
    (n, c, h, w), (rows, columns) = x.shape, padding
    padded = np.full_like(x, value, shape=(n, c, h + 2 * rows, w + 2 * columns))
    padded[:, :, rows : rows + h, columns : columns + w] = x
    return padded


def unpad(x: Any, padding: Pair) -> Any:
    """The images without that border."""
    (rows, columns), (h, w) = padding, x.shape[2:]
    return x[:, :, rows : h - rows, columns : w - columns]


def windows(x: Any, kernel: Pair, stride: Pair) -> Any:
    """Every window of padded images: a view (N, C, KH, KW, OH, OW) of `x` (N, C, H, W)."""
    everywhere = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))
    return everywhere[:, :, :: stride[0], :: stride[1]].transpose(0, 1, 4, 5, 2, 3)


def taps(x: Any, kernel: Pair, stride: Pair, positions: Pair) -> Iterator[Any]:
    """For each place in the window, row by row: what lies there at every position, a view (N, C, OH, OW)."""
    (oh, ow), (down, right) = positions, stride
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            yield x[:, :, i : i + down * (oh - 1) + 1 : down, j : j + right * (ow - 1) + 1 : right]
