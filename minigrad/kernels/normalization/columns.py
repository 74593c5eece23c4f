"""Sums of the columns of a block, in double precision.

A few hundred rows at a time are summed in their own precision, which is fast and loses no digits that matter. Each sum
is one call of NumPy: threads that come back to Python often wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minigrad.typing import Array

__all__ = ["dots", "sums"]

_SUMMED = 512  # rows that are summed in their own precision


def sums(block: Array) -> Array:
    """The sum of each column."""
    return _total(np.ones(rows.shape[1], rows.dtype) @ rows for (rows,) in _few(block))


def dots(a: Array, b: Array) -> Array:
    """Σ a b for each column of two blocks."""
    return _total(np.einsum("knw,knw->kw", *rows) for rows in _few(a, b))


def _few(*blocks: Array) -> Iterator[tuple[Array, ...]]:
    """Blocks (K, N, width) of as many rows as may be summed in their own precision, and one of those that remain."""
    n, width = blocks[0].shape
    whole = n - n % _SUMMED
    for first, last, rows in ((0, whole, _SUMMED), (whole, n, n - whole)):
        if first < last:
            yield tuple(block[first:last].reshape(-1, rows, width) for block in blocks)


def _total(parts: Iterator[Array]) -> Array:
    return sum(part.sum(axis=0, dtype=np.float64) for part in parts)
