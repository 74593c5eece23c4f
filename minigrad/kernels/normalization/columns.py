"""Sums of the columns of a block, in double precision.

A few hundred rows at a time are summed in their own precision, which is fast and loses no digits that matter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minigrad.typing import Array

__all__ = ["dots", "sums"]

_SUMMED = 512  # rows that are summed in their own precision


def sums(block: Array) -> Array:
    """The sum of each column."""
    return sum((np.ones(len(rows), rows.dtype) @ rows).astype(np.float64) for (rows,) in _few(block))


def dots(a: Array, b: Array) -> Array:
    """Σ a b for each column of two blocks."""
    return sum(np.einsum("nw,nw->w", *rows).astype(np.float64) for rows in _few(a, b))


def _few(*blocks: Array) -> Iterator[tuple[Array, ...]]:
    """As many rows of each block at a time as may be summed in their own precision."""
    for i in range(0, len(blocks[0]), _SUMMED):
        yield tuple(block[i : i + _SUMMED] for block in blocks)
