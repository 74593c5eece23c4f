"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.axes import index_along
from minigrad.kernels.spatial.max_pool import along
from minigrad.kernels.spatial.windows import Borders, Sizes, output_size


# ---------------------------------------------------------------- sums
def sum_pool(x: Any, *, kernel: Sizes, stride: Sizes, padding: Borders) -> Any:
    """The sum over each window, one axis after the other: F + F additions for F × F pixels."""
    if x.dtype.kind in "biu":
        x = x.astype(np.int64)  # in which whole numbers do not overflow
    ones = (1,) * len(kernel)
    positions = output_size(x.shape[2:], kernel, stride, padding, ones)
    for axis, how in enumerate(zip(kernel, stride, padding, positions, strict=True), 2):
        x = _sums(x, axis, *how)
    return x


def sum_unpool(y_bar: Any, *, size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders) -> Any:
    """Images of this size where each element of `y_bar` is added to every pixel of its window."""
    for axis, how in reversed(list(enumerate(zip(kernel, stride, padding, size, strict=True), 2))):
        y_bar = _spread(y_bar, axis, *how)
    return y_bar


def _sums(x: Any, axis: int, f: int, s: int, padding: tuple[int, int], m: int) -> Any:
    y = np.zeros_like(x, shape=(*x.shape[:axis], m, *x.shape[axis + 1 :]))
    for i in range(f):
        inside, under = along(x.shape[axis], s, padding[0], i, m)
        y[index_along(axis, inside)] += x[index_along(axis, under)]
    return y


def _spread(y_bar: Any, axis: int, f: int, s: int, padding: tuple[int, int], n: int) -> Any:
    x_bar = np.zeros_like(y_bar, shape=(*y_bar.shape[:axis], n, *y_bar.shape[axis + 1 :]))
    for i in range(f):
        inside, under = along(n, s, padding[0], i, y_bar.shape[axis])
        x_bar[index_along(axis, under)] += y_bar[index_along(axis, inside)]
    return x_bar
