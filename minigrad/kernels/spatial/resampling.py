"""Images of another size: each pixel of the new one is a pixel of the old one, or lies between two of them.

That is a product with a matrix along each axis, with one number in a row of it, or two. Here it is kept as what
those numbers are and where they stand: a pixel costs one or two products, in both directions, and a NaN spoils
what is made of it and nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.axes import index_along
from minigrad.kernels.spatial.windows import Sizes

Steps = tuple[float, ...]  # pixels of the old image from one pixel of the new one to the next, for each axis
Entries = list[tuple[Any, Any, Any]]  # numbers of a matrix: rows, columns, values; no row twice in one of them


def upsample(x: Any, *, size: Sizes, steps: Steps, mode: str, align_corners: bool) -> Any:
    """The images in this size."""
    for axis, (n, m, step) in reversed(list(enumerate(zip(x.shape[2:], size, steps, strict=True), 2))):
        x = _product(_matrix(n, m, step, mode, align_corners), m, x, axis)
    return x


def upsample_input_grad(y_bar: Any, *, size: Sizes, steps: Steps, mode: str, align_corners: bool) -> Any:
    """Images of this size: each pixel is given what those made of it have, times its weight in them."""
    for axis, (n, m, step) in enumerate(zip(size, y_bar.shape[2:], steps, strict=True), 2):
        y_bar = _product(_transposed(_matrix(n, m, step, mode, align_corners)), n, y_bar, axis)
    return y_bar


def _product(entries: Entries, rows: int, x: Any, axis: int) -> Any:
    """The matrix with these numbers and so many rows, times the vectors along an axis."""
    y = None
    for places, columns, values in entries:
        part = np.take(x, _there(columns, x), axis)
        if np.any(values != 1):
            kind = x.dtype if x.dtype.kind in "fc" else np.float64
            part = part * _there(values.astype(kind), x).reshape(-1, *(1,) * (x.ndim - 1 - axis))
        if y is None and len(places) == rows:
            y = part
            continue
        if y is None:
            y = np.zeros_like(part, shape=(*x.shape[:axis], rows, *x.shape[axis + 1 :]))
        in_a_row = places[-1] - places[0] == len(places) - 1
        where = slice(places[0], places[-1] + 1) if in_a_row else _there(places, x)
        y[index_along(axis, where)] += part
    return y


def _there(a: Any, x: Any) -> Any:
    return to_device(a, device_of(x))


def _matrix(n: int, m: int, step: float, mode: str, align_corners: bool) -> Entries:
    """What m pixels are made of, from n."""
    places = np.arange(m)
    if mode == "nearest":  # in single precision, as PyTorch counts: where 0.1 · 10 is 1, and the pixel the next
        sources = np.floor(places.astype(np.float32) * np.float32(step)).astype(int)
        return [(places, np.minimum(sources, n - 1), np.ones(m))]
    # Seen as squares, pixel i has its middle at i + ½. Aligned, the middles of the first and of the last ones agree.
    middles = places * step if align_corners else np.maximum((places + 0.5) * step - 0.5, 0)
    left = np.minimum(middles.astype(int), n - 1)
    share = np.where(left < n - 1, middles - left, 0)  # of the pixel to the right
    between = share > 0
    entries = [(places, left, 1 - share), (places[between], left[between] + 1, share[between])]
    return entries if np.any(between) else entries[:1]


def _transposed(entries: Entries) -> Entries:
    """The same numbers with rows for columns; those of one row, which sum up, one after the other."""
    places, columns, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.argsort(columns, kind="stable")
    places, columns, values = places[order], columns[order], values[order]
    rank = np.arange(len(columns)) - np.searchsorted(columns, columns)  # which of those in its row it is
    return [(columns[rank == k], places[rank == k], values[rank == k]) for k in range(rank.max() + 1)]
