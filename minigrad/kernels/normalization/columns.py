"""Sums of the columns of two blocks.

A few hundred rows at a time are summed in their own precision, which is fast and loses no digits that matter, and these
sums in double precision. oneDNN, if it is installed, finds both sums while it reads the arrays once. Otherwise each sum
is one call of NumPy: threads that come back to Python often wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.typing import Array

__all__ = ["dots_and_sums", "sums"]

_SUMMED = 512  # rows that are summed in their own precision


def dots_and_sums(a: Array, b: Array, threads: int = 1) -> Array:
    """Σ a b and Σ a for each column of two blocks (N, C): shape (2, C), in double precision.

    Arguments:
        threads: for oneDNN; one for a piece of a batch, in a thread of ours.
    """
    return _total(_of_few(*rows, threads) for rows in _few(a, b))


def sums(block: Array) -> Array:
    """Σ a for each column of a block (N, C), in double precision."""
    return _total(np.ones(rows.shape[1], rows.dtype) @ rows for (rows,) in _few(block))


def _of_few(a: Array, b: Array, threads: int) -> Array:
    """The sums of several blocks (K, N, C): shape (2, K, C)."""
    k, n, width = a.shape
    wide = (n, k * width)  # to which block a row belongs does not matter
    if onednn.takes_columns(a.reshape(wide)):
        return onednn.column_sums(a.reshape(wide), b.reshape(wide), threads).reshape(2, k, width)
    return np.stack((np.einsum("knw,knw->kw", a, b), np.ones(n, a.dtype) @ a))


def _total(parts: Iterator[Array]) -> Array:
    """The sum of what was found in blocks (…, K, C)."""
    return sum(part.sum(axis=-2, dtype=np.float64) for part in parts)


def _few(*blocks: Array) -> Iterator[tuple[Array, ...]]:
    """Blocks (K, N, C) of as many rows as may be summed in their own precision, and one of those that remain."""
    n, width = blocks[0].shape
    whole = n - n % _SUMMED
    for first, last, rows in ((0, whole, _SUMMED), (whole, n, n - whole)):
        if first < last:
            yield tuple(block[first:last].reshape(-1, rows, width) for block in blocks)
