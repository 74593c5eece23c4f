"""The sums of the channels of a batch, which are those of its rows or of its columns.

Samples are one piece of memory. Where a channel has many positions, they are seen as (N, C, S), and rows are summed;
otherwise as (N, C S), because loops over short rows are slow: columns are summed, and the positions of each channel
after that. oneDNN, if it is installed, finds both sums of whole arrays while it reads them once. Without it, NumPy sums
some samples at a time, which stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np

from minigrad.kernels.normalization import columns, onednn
from minigrad.kernels.normalization.blocks import LARGE
from minigrad.kernels.onednn_computation import threads_for
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["SHORTEST", "are_compiled", "as_rows", "dots_and_sums", "totals"]

SHORTEST = 64  # positions in a row
_LONG = 256  # positions in a row: if there are fewer, columns have fewer sums
_BLOCK = 1 << 20  # elements: small enough for the cache, and large enough for Python's share of the time to be small


def as_rows(x: Array) -> Array:
    """The samples as (N, C, S), or, where there are few positions, as (N, C S)."""
    n, c, *size = x.shape
    s = prod(size)
    return x.reshape((n, c, s) if s >= SHORTEST else (n, c * s))


def totals(sums_of: Callable[..., Array], *arrays: Array) -> Array:
    """The total of the sums that `sums_of` finds in each block; the second of them reads the block from the cache.

    oneDNN finds both sums of whole arrays at once, in its own threads.
    """
    rows = [as_rows(a) for a in arrays]
    n, size = len(rows[0]), rows[0].size
    if are_compiled(rows[0]):
        return sums_of(*rows, threads_for(rows[0]))
    step = max(1, _BLOCK * n // size)

    def piece(first: int, last: int) -> Array:
        bounds = ((i, min(i + step, last)) for i in range(first, last, step))
        return sum(sums_of(*(a[i:j] for a in rows), 1) for i, j in bounds)

    return sum(in_pieces(piece, n, size > LARGE))


def are_compiled(rows: Array) -> bool:
    """Whether oneDNN finds the sums of (N, C, S) or (N, C S)."""
    return _are_pieces(rows) or _are_columns(rows)


def _are_pieces(rows: Array) -> bool:
    """Whether it finds those of each row of (N, C, S)."""
    return rows.ndim == 3 and onednn.takes_pieces(rows) and (rows.shape[2] >= _LONG or not _are_columns(rows))


def _are_columns(rows: Array) -> bool:
    """Whether it finds those over the samples, of which there are fewer if rows are short."""
    return onednn.takes_columns(rows.reshape(len(rows), -1))


def dots_and_sums(a: Array, b: Array, channels: int, threads: int) -> Array:
    """Σ a b and Σ a for each channel of two blocks: shape (2, C), in double precision."""
    n, *_, s = a.shape
    if _are_pieces(a):
        of_rows = onednn.piece_sums(a.reshape(-1, s), b.reshape(-1, s), threads).reshape(2, n, channels)
    elif a.ndim == 2 or _are_columns(a):
        wide = (n, -1)
        return _of_channels(columns.dots_and_sums(a.reshape(wide), b.reshape(wide), threads), channels)
    else:
        of_rows = np.stack((np.vecdot(a, b), a @ np.ones(s, a.dtype)))
    return of_rows.sum(axis=1, dtype=np.float64)


def _of_channels(sums: Array, channels: int) -> Array:
    """The sum of the positions of each channel: short rows, of which `sum` takes five times as long."""
    return np.einsum("ics->ic", sums.reshape(2, channels, -1))
