"""The sums and the error signals of rows of pieces with one γ and β each, as in group normalization.

oneDNN, if it is installed, finds the sums of all pieces while it reads the arrays once, and a second pass fills the
result. Without it, NumPy computes some samples at a time, which stay in the cache. A mean of more than one standard
deviation is subtracted first.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.kernels.normalization.blocks import dots, fill_rows, fill_standardized, in_blocks, is_plain, sums
from minigrad.typing import Array

__all__ = ["are_compiled", "compiled_sums", "gradients"]

_FAINT = 1e-6  # by less, or by 0, nothing is divided: γ may be 0
_COMPILED = 1 << 16  # elements, for oneDNN: with fewer, NumPy takes less time


def gradients(
    y_bar: Array, x: Array, x_bar: Array, gamma: Array, mean: Array, variance: Array, eps: float, centered: bool
) -> tuple[Array, Array]:
    """Fill x_bar (N, G, K, S); return γ̄ and β̄, shape (G, K, 1).

    Arguments:
        y_bar, x: shape (N, G, K, S).
        gamma: shape (G, K, 1), or ``None``.
        mean, variance: shape (N, G, 1, 1). They may be in single precision if oneDNN finds the sums, which are, too.
    """
    _, g, k, s = x.shape
    compiled = are_compiled(x)
    if not compiled:
        mean, variance = (a.astype(np.float64, copy=False) for a in (mean, variance))
    square = variance + eps
    is_near, inverse = is_plain(mean, square), 1 / np.sqrt(square)
    gamma = np.ones((g, k, 1), mean.dtype) if gamma is None else gamma.astype(mean.dtype, copy=False)
    largest = float(abs(gamma).min()) / _FAINT

    def work(samples: slice, threads: int) -> Array:
        """x̄ = (γ ȳ − slope source − shift) / σ, where x̂ = (source − delta) along; γ̄ and β̄ of these samples."""
        signal, source, target = y_bar[samples], x[samples], x_bar[samples]
        delta, scale = mean[samples], inverse[samples]
        along = scale
        if not is_near:
            fill_standardized(target, source, delta, scale, centered, threads)
            source, delta, along = target, np.zeros_like(delta), np.ones_like(scale)
        if compiled:
            bars = compiled_sums(signal, source, threads)
        else:
            bars = np.stack((dots(signal, source, s), sums(signal, s)))
        bars[0] -= delta * bars[1]
        bars[0] *= along  # Σ ȳ x̂ and Σ ȳ
        means = np.einsum("inrkj,rkj->inr", bars, gamma)[..., None, None] / (k * s)
        means[0] *= along
        means[1] = means[1] - means[0] * delta if centered else 0  # slope and shift
        factor = scale * gamma
        if abs(means).max() < largest:  # one pass over memory, not two
            slope, shift = means / -gamma
            steps = (np.multiply, slope), (np.add, shift), (np.add, signal)
            fill_rows(target, source, *steps, (np.multiply, factor), threads=threads)
        else:
            slope, shift = means * scale
            fill_rows(target, source, (np.multiply, -slope), (np.subtract, shift), threads=threads)
            fill_rows(target, signal, (np.multiply, factor), (np.add, target), threads=threads)
        return bars.sum(axis=1, dtype=np.float64)

    weight_bar, bias_bar = reduce(np.add, in_blocks(work, x, compiled))
    return weight_bar, bias_bar


def are_compiled(x: Array) -> bool:
    """Whether oneDNN finds the sums of these pieces."""
    return x.size >= _COMPILED and onednn.takes_pieces(x)


def compiled_sums(y_bar: Array, x: Array, threads: int) -> Array:
    """Σ ȳ x and Σ ȳ of each piece, shape (2, N, G, K, 1), by oneDNN."""
    n, g, k, s = x.shape
    return onednn.piece_sums(y_bar.reshape(-1, s), x.reshape(-1, s), threads).reshape(2, n, g, k, 1)
