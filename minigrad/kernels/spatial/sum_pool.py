"""Sums over pooling windows, which average and Lp pooling are composed of, and their transpose."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.axes import index_along
from minigrad.kernels.spatial.windows import Ints, PadWidth, axis_slices, output_size
from minigrad.typing import Array


def sum_pool(x: Array, *, kernel: Ints, stride: Ints, padding: PadWidth) -> Array:
    """The sum over each window, one axis after the other: F + F additions for F × F pixels."""
    if x.dtype.kind in "biu":
        x = x.astype(np.int64)  # small integer types would overflow
    out_size = output_size(x.shape[2:], kernel, stride, padding, (1,) * len(kernel))
    for axis, params in enumerate(zip(kernel, stride, padding, out_size, strict=True), 2):
        x = _sum_along(x, axis, *params)
    return x


def sum_unpool(y_bar: Array, *, size: Ints, kernel: Ints, stride: Ints, padding: PadWidth) -> Array:
    """Images of this size, with each element of `y_bar` added to every pixel of its window."""
    for axis, params in reversed(list(enumerate(zip(kernel, stride, padding, size, strict=True), 2))):
        y_bar = _unsum_along(y_bar, axis, *params)
    return y_bar


def _sum_along(x: Array, axis: int, f: int, s: int, padding: tuple[int, int], m: int) -> Array:
    y = np.zeros_like(x, shape=(*x.shape[:axis], m, *x.shape[axis + 1 :]))
    for i in range(f):
        outputs, pixels = axis_slices(x.shape[axis], s, padding[0], i, m)
        y[index_along(axis, outputs)] += x[index_along(axis, pixels)]
    return y


def _unsum_along(y_bar: Array, axis: int, f: int, s: int, padding: tuple[int, int], n: int) -> Array:
    x_bar = np.zeros_like(y_bar, shape=(*y_bar.shape[:axis], n, *y_bar.shape[axis + 1 :]))
    for i in range(f):
        outputs, pixels = axis_slices(n, s, padding[0], i, y_bar.shape[axis])
        x_bar[index_along(axis, pixels)] += y_bar[index_along(axis, outputs)]
    return x_bar
