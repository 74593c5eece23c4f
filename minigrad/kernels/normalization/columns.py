"""Sums of the columns of two blocks.

Some rows at a time are summed in their own precision, which is fast and loses no digits that matter, and these sums in
double precision. oneDNN, if it is installed, finds both sums while it reads the arrays once. Otherwise each sum is one
call of NumPy: threads that come back to Python often wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.typing import Array

__all__ = ["dots_and_sums", "sums"]

_SUMMED = 512  # rows that are summed in their own precision
_COMPILED = 64  # the same for oneDNN, which is slower with more


def dots_and_sums(a: Array, b: Array, threads: int = 1) -> Array:
    """Σ a b and Σ a for each column of two blocks (N, C): shape (2, C), in double precision.

    Arguments:
        threads: for oneDNN; one for a piece of a batch, in a thread of ours.
    """
    if onednn.takes_columns(a):
        return _total(_compiled(left, right, threads) for left, right in _few(_COMPILED, a, b))
    return _total(np.stack((np.einsum("knc,knc->kc", *rows), _sums(rows[0]))) for rows in _few(_SUMMED, a, b))


def sums(block: Array) -> Array:
    """Σ a for each column of a block (N, C), in double precision."""
    return _total(_sums(rows) for (rows,) in _few(_SUMMED, block))


def _compiled(a: Array, b: Array, threads: int) -> Array:
    """Σ a b and Σ a for each column of several blocks (K, N, C): shape (2, K, C)."""
    k, n, width = a.shape
    wide = (n, k * width)  # to which block a row belongs does not matter
    return onednn.column_sums(a.reshape(wide), b.reshape(wide), threads).reshape(2, k, width)


def _sums(rows: Array) -> Array:
    return np.ones(rows.shape[1], rows.dtype) @ rows


def _few(n: int, *blocks: Array) -> Iterator[tuple[Array, ...]]:
    """Blocks of n rows each, shape (K, n, C), and then one block of the rows that remain."""
    rows, width = blocks[0].shape
    whole = rows - rows % n
    for first, last, length in ((0, whole, n), (whole, rows, rows - whole)):
        if first < last:
            yield tuple(block[first:last].reshape(-1, length, width) for block in blocks)


def _total(parts: Iterator[Array]) -> Array:
    """The sum of what was found in blocks, (…, K, C)."""
    return sum(part.sum(axis=-2, dtype=np.float64) for part in parts)
