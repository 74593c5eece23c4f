"""Blocks of samples that are normalized row by row: their sums, and chains of operations with a number for each row.

What is normalized is seen as (N, G, K, S): in each of N samples are G rows of length D = K S, which consist of K pieces
with one γ and β each, (G, K, 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.kernels.normalization.fused import Step, fill
from minigrad.kernels.onednn_computation import threads_for
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = [
    "HUGE",
    "LARGE",
    "LONGEST",
    "SHORT",
    "are_near",
    "dots",
    "fill_rows",
    "fill_samples",
    "fill_standardized",
    "in_blocks",
    "is_plain",
    "sums",
]

HUGE = 1e30  # a variance, near the range of single precision
LARGE = 1 << 20  # elements: with fewer, a second thread costs what it saves
LONGEST = 1 << 16  # elements: longer sums in single precision would lose digits
SHORT = 256  # elements in a piece: for shorter ones, one number per element is faster than one per piece
_FEW = 1 << 22  # elements: with fewer, switching between oneDNN's threads and ours costs more than ours save
_BLOCK = 1 << 21  # elements: small enough for the cache, and large enough for Python's share of the time to be small


def is_plain(mean: Array, square: Array) -> bool:
    """Whether x / σ − μ / σ has the digits of (x − μ) / σ, and 1 / σ² is in the range of single precision.

    Arguments:
        square: σ² of each mean.
    """
    return bool(square.min() > 1 / HUGE and square.max() < HUGE) and are_near(mean, square)


def are_near(mean: Array, square: Array, deviations: float = 1.0) -> bool:
    """Whether every mean lies within so many standard deviations of 0.

    Arguments:
        square: σ² of each mean.
    """
    farthest, least = max(float(mean.max()), -float(mean.min())), math.sqrt(square.min())
    if farthest <= deviations * least:  # usually true, and found in half the time
        return True
    return bool((abs(mean) <= deviations * np.sqrt(square)).all())


def in_blocks(work: Callable[[slice, int], Any], x: Array, compiled: bool = False) -> list[Any]:
    """The results of ``work(samples, threads)`` for all samples of x, some at a time; `threads` are for oneDNN.

    Blocks are computed in threads of ours, if there are many. Not so if all of the work is `compiled`, or if oneDNN
    does a part of it and there are few: its threads spin for a while after each call, and would slow down ours.
    """
    n, step = len(x), max(1, _BLOCK * len(x) // x.size)
    if compiled:
        return [work(slice(n), threads_for(x))]
    if x.size <= _FEW and onednn.can_take(x):
        return in_pieces(lambda *_: work(slice(n), threads_for(x)), n, False)

    def piece(first: int, last: int) -> list[Any]:
        return [work(slice(start, min(start + step, last)), 1) for start in range(first, last, step)]

    return [result for results in in_pieces(piece, n, x.size > LARGE) for result in results]


def sums(block: Array, length: int = 0) -> Array:
    """The sum of each row, or of pieces of this length, in double precision."""
    n, g, k, s = block.shape
    length = length or k * s
    rows = block.reshape(-1, length)
    return (rows @ np.ones(length, block.dtype)).astype(np.float64).reshape(n, g, -1, 1)


def dots(a: Array, b: Array, length: int = 0) -> Array:
    """Σ a b for each row, or for pieces of this length, in double precision."""
    n, g, k, s = a.shape
    length = length or k * s
    left, right = (array.reshape(-1, length) for array in (a, b))
    starts = range(0, length, LONGEST)
    parts = (np.vecdot(left[:, i : i + LONGEST], right[:, i : i + LONGEST]).astype(np.float64) for i in starts)
    return sum(parts, np.float64(0)).reshape(n, g, -1, 1)


def fill_rows(target: Array, source: Array, *steps: Step, threads: int = 1) -> None:
    """`fill` with numbers of each row, (N, G, 1, 1), or of each piece, (N, G, K, 1)."""
    rows = (1, steps[0][1].size, -1)
    of_rows = ((do, a.reshape(rows if a.shape == source.shape else -1)) for do, a in steps)
    fill(target.reshape(rows), source.reshape(rows), *of_rows, threads=threads)


def fill_samples(target: Array, source: Array, *steps: Step, threads: int = 1) -> None:
    """`fill` with numbers that are the same for each sample, (G, K, 1); along short pieces they are repeated."""
    n, g, k, s = source.shape
    samples = (n, g * k * s) if s < SHORT else (n, g * k, s)
    numbers = ((do, np.repeat(a, s) if 1 < s < SHORT else a.reshape(-1)) for do, a in steps)
    fill(target.reshape(samples), source.reshape(samples), *numbers, threads=threads)


def fill_standardized(
    target: Array, source: Array, mean: Array, scale: Array, centered: bool, threads: int = 1
) -> None:
    """Fill `target` with x̂ = (x − μ) / σ, from μ and 1 / σ of each row in double precision."""
    near = mean.astype(source.dtype)
    steps: list[Step] = [(np.multiply, scale)]
    if centered:
        steps = [(np.subtract, near), *steps, (np.add, (near - mean) * scale)]
    fill_rows(target, source, *steps, threads=threads)
