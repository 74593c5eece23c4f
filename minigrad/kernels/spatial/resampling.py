"""Nearest-neighbour and linear interpolation: each pixel of the new image from one or two pixels of the old, per axis.

This is a product with a matrix along each axis, whose rows have one nonzero entry, or two. The matrix is kept as those
entries and their indices: a pixel costs one or two multiplications, forward and back, and a NaN spoils only the pixels
that are computed from it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.kernels.spatial.windows import Ints
from minigrad.typing import Array

Steps = tuple[float, ...]  # for each axis, the distance between neighbours of the new image in pixels of the old one
Entries = list[tuple[Any, Any, Any]]  # the entries of a matrix: rows, columns, values; in each, no row occurs twice


def upsample(x: Array, *, size: Ints, steps: Steps, mode: str, align_corners: bool) -> Array:
    """The images resampled to this size."""
    for axis, (n, m, step) in reversed(list(enumerate(zip(x.shape[2:], size, steps, strict=True), 2))):
        x = _product(_matrix(n, m, step, mode, align_corners), m, x, axis)
    return x


def upsample_input_grad(y_bar: Array, *, size: Ints, steps: Steps, mode: str, align_corners: bool) -> Array:
    """The error signal of images of this size: each pixel adds up those of the pixels it contributed to, weighted."""
    for axis, (n, m, step) in enumerate(zip(size, y_bar.shape[2:], steps, strict=True), 2):
        y_bar = _product(_transposed(_matrix(n, m, step, mode, align_corners)), n, y_bar, axis)
    return y_bar


def _product(entries: Entries, height: int, x: Array, axis: int) -> Array:
    """The matrix with these entries and this many rows, times the vectors along an axis."""
    y = None
    for rows, columns, values in entries:
        part = np.take(x, to_device(columns, device_of(x)), axis)
        if np.any(values != 1):
            dtype = x.dtype if x.dtype.kind in "fc" else np.float64
            weights = to_device(values.astype(dtype), device_of(x))
            part = part * weights.reshape(-1, *(1,) * (x.ndim - 1 - axis))
        if y is None and len(rows) == height:
            y = part
            continue
        if y is None:
            y = np.zeros_like(part, shape=(*x.shape[:axis], height, *x.shape[axis + 1 :]))
        contiguous = rows[-1] - rows[0] == len(rows) - 1
        index = slice(rows[0], rows[-1] + 1) if contiguous else to_device(rows, device_of(x))
        y[index_along(axis, index)] += part
    return y


def _matrix(n: int, m: int, step: float, mode: str, align_corners: bool) -> Entries:
    """The weights (m, n) of n old pixels in m new ones."""
    rows = np.arange(m)
    if mode == "nearest":  # in single precision, as in PyTorch: there 0.1 · 10 is 1, and the next pixel is taken
        sources = np.floor(rows.astype(np.float32) * np.float32(step)).astype(int)
        return [(rows, np.minimum(sources, n - 1), np.ones(m))]
    # Pixel i is a square with its centre at i + ½; with aligned corners, the outermost centres coincide.
    centres = rows * step if align_corners else np.maximum((rows + 0.5) * step - 0.5, 0)
    left = centres.astype(int)
    share = np.where(left < n - 1, centres - left, 0)  # of the pixel to the right
    between = share > 0
    entries = [(rows, left, 1 - share), (rows[between], left[between] + 1, share[between])]
    return entries if np.any(between) else entries[:1]


def _transposed(entries: Entries) -> Entries:
    """The transposed matrix; entries in the same row, which are summed, come one after the other."""
    rows, columns, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.argsort(columns, kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    rank = np.arange(len(columns)) - np.searchsorted(columns, columns)  # number of the entry within its new row
    return [(columns[rank == k], rows[rank == k], values[rank == k]) for k in range(rank.max() + 1)]
