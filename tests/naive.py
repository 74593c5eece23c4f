"""Convolution and pooling as the lectures define them: one loop per index, nothing clever.

The engine's kernels copy windows into matrices. These share no line with them, so the two can disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Pair = tuple[int, int]


def positions(size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> Iterator[tuple[int, int, int, int]]:
    """Each window (row, column of the output) with the pixel of the padded image at its upper left corner."""
    rows = range(0, size[0] + 2 * padding[0] - kernel[0] + 1, stride[0])
    columns = range(0, size[1] + 2 * padding[1] - kernel[1] + 1, stride[1])
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            yield i, j, top, left


def output_shape(size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> Pair:
    *_, (i, j, _, _) = positions(size, kernel, stride, padding)
    return i + 1, j + 1


def padded(x: Any, padding: Pair, value: float = 0.0) -> Any:
    rows, columns = padding
    return np.pad(x, ((0, 0), (0, 0), (rows, rows), (columns, columns)), constant_values=value)


def conv2d(x: Any, w: Any, b: Any = None, *, stride: Pair = (1, 1), padding: Pair = (0, 0)) -> Any:
    kernel = w.shape[2:]
    z = np.zeros((len(x), len(w), *output_shape(x.shape[2:], kernel, stride, padding)))
    image = padded(x, padding)
    for n in range(len(x)):
        for o in range(len(w)):
            for i, j, top, left in positions(x.shape[2:], kernel, stride, padding):
                window = image[n, :, top : top + kernel[0], left : left + kernel[1]]
                z[n, o, i, j] = np.sum(window * w[o]) + (0 if b is None else b[o])
    return z


def conv2d_input_grad(z_bar: Any, w: Any, *, size: Pair, stride: Pair, padding: Pair) -> Any:
    """Each position sends its error signal, times the filter, to the pixels it lay on."""
    kernel = w.shape[2:]
    x_bar = padded(np.zeros((len(z_bar), w.shape[1], *size)), padding)
    for n in range(len(z_bar)):
        for o in range(len(w)):
            for i, j, top, left in positions(size, kernel, stride, padding):
                x_bar[n, :, top : top + kernel[0], left : left + kernel[1]] += z_bar[n, o, i, j] * w[o]
    return x_bar[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


def conv2d_weight_grad(z_bar: Any, x: Any, *, kernel: Pair, stride: Pair, padding: Pair) -> Any:
    """Each position sends the filter its window, times its error signal."""
    w_bar = np.zeros((z_bar.shape[1], x.shape[1], *kernel))
    image = padded(x, padding)
    for n in range(len(x)):
        for o in range(len(w_bar)):
            for i, j, top, left in positions(x.shape[2:], kernel, stride, padding):
                w_bar[o] += z_bar[n, o, i, j] * image[n, :, top : top + kernel[0], left : left + kernel[1]]
    return w_bar


def max_pool2d(x: Any, kernel: Pair, stride: Pair, padding: Pair) -> tuple[Any, Any]:
    """The maxima, and the switches: the place in its window, row by row, of the first element that is the largest."""
    y = np.zeros((*x.shape[:2], *output_shape(x.shape[2:], kernel, stride, padding)))
    switches = np.zeros(y.shape, dtype=int)
    image = padded(x, padding, -np.inf)
    for n, c in np.ndindex(x.shape[:2]):
        for i, j, top, left in positions(x.shape[2:], kernel, stride, padding):
            window = image[n, c, top : top + kernel[0], left : left + kernel[1]].ravel()
            switches[n, c, i, j] = window.argmax()
            y[n, c, i, j] = window.max()
    return y, switches


def unpool(y_bar: Any, switches: Any, size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> Any:
    """Each window's error signal goes to the pixel its switch names."""
    x_bar = padded(np.zeros((*y_bar.shape[:2], *size)), padding)
    for n, c in np.ndindex(y_bar.shape[:2]):
        for i, j, top, left in positions(size, kernel, stride, padding):
            row, column = divmod(int(switches[n, c, i, j]), kernel[1])
            x_bar[n, c, top + row, left + column] += y_bar[n, c, i, j]
    return x_bar[:, :, padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


def pick(x: Any, switches: Any, kernel: Pair, stride: Pair, padding: Pair) -> Any:
    """The pixel of each window that its switch names."""
    y = np.zeros(switches.shape)
    image = padded(x, padding)
    for n, c in np.ndindex(x.shape[:2]):
        for i, j, top, left in positions(x.shape[2:], kernel, stride, padding):
            row, column = divmod(int(switches[n, c, i, j]), kernel[1])
            y[n, c, i, j] = image[n, c, top + row, left + column]
    return y
