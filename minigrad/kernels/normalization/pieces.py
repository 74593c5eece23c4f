"""The error signals of rows that consist of pieces with one γ and β each, as in group normalization.

oneDNN, if it is installed, finds the sums of all pieces while it reads the arrays once, and a second pass fills the
result. Without it, NumPy computes some samples at a time, which stay in the cache. A mean of more than one standard
deviation is subtracted first.
"""

from __future__ import annotations

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.kernels.normalization.blocks import (
    dots,
    fill_rows,
    fill_standardized,
    in_blocks,
    is_plain,
    sums,
)
from minigrad.typing import Array

__all__ = ["compiled_sums", "gradients", "onednn_takes"]

_FAINT = 1e-6  # by less, or by 0, nothing is divided: γ may be 0
_COMPILED = 1 << 16  # elements, for oneDNN: with fewer, NumPy takes less time
_SHORTEST, _LONGEST = 256, 1 << 14  # elements in a piece: shorter ones are slow, sums of longer ones would lose digits


def gradients(
    y_bar: Array, x: Array, x_bar: Array, gamma: Array, mean: Array, variance: Array, eps: float, centered: bool
) -> tuple[Array, Array]:
    """Fill x_bar (N, G, K, S); return γ̄ and β̄, shape (G, K, 1).

    Arguments:
        y_bar, x: shape (N, G, K, S).
        gamma: shape (G, K, 1), or ``None``.
        mean, variance: shape (N, G, 1, 1), in double precision.
    """
    n, g, k, s = x.shape
    is_near, compiled = is_plain(mean, variance, eps), onednn_takes(x)
    gamma = np.ones((g, k, 1)) if gamma is None else gamma.astype(np.float64)
    scale = 1 / np.sqrt(variance + eps)
    factor = scale * gamma
    with np.errstate(divide="ignore"):
        inverse = -1 / factor
    of_pieces = np.empty((2, n, g, k, 1))  # Σ ȳ x̂ and Σ ȳ

    def work(samples: slice, threads: int) -> None:
        signal, source, target = y_bar[samples], x[samples], x_bar[samples]
        delta, along = mean[samples], scale[samples]  # x̂ = (source − delta) along
        if not is_near:
            fill_standardized(target, source, delta, along, centered, threads)
            source, delta, along = target, np.zeros_like(delta), np.ones_like(along)
        of_pieces[:, samples] = (
            compiled_sums(signal, source) if compiled else (dots(signal, source, s), sums(signal, s))
        )
        products, totals = of_pieces[:, samples]
        products -= delta * totals
        products *= along
        slope, shift = np.vecdot(of_pieces[:, samples, ..., 0], gamma[..., 0])[..., None, None] / (k * s)
        slope *= along * scale[samples]
        shift *= scale[samples] if centered else 0.0
        shift -= slope * delta  # x̄ = factor ȳ − slope source − shift
        with np.errstate(invalid="ignore"):
            numbers = np.multiply((slope, shift), inverse[samples])
        if np.max(abs(numbers)) < 1 / _FAINT:  # one pass over memory, not two
            steps = (np.multiply, numbers[0]), (np.add, numbers[1]), (np.add, signal)
            fill_rows(target, source, *steps, (np.multiply, factor[samples]), threads=threads)
        else:
            fill_rows(target, source, (np.multiply, -slope), (np.subtract, shift), threads=threads)
            fill_rows(target, signal, (np.multiply, factor[samples]), (np.add, target), threads=threads)

    in_blocks(work, x, compiled)
    weight_bar, bias_bar = of_pieces.sum(axis=1)
    return weight_bar, bias_bar


def onednn_takes(x: Array) -> bool:
    """Whether it finds the sums of these pieces, in single precision."""
    return x.size >= _COMPILED and _SHORTEST <= x.shape[-1] <= _LONGEST and onednn.takes_pieces(x)


def compiled_sums(signal: Array, source: Array) -> Array:
    """Σ ȳ x and Σ ȳ of each piece, shape (2, N, G, K, 1), by oneDNN."""
    n, g, k, s = signal.shape
    return onednn.piece_gradients(signal.reshape(-1, s), source.reshape(-1, s)).reshape(2, n, g, k, 1)
