"""The sums and the error signals of rows of pieces with one γ and β each, as in group normalization.

oneDNN, if it is installed, finds the sums of all pieces while it reads the arrays once, and a second pass fills the
result. Without it, NumPy computes some samples at a time, which stay in the cache. A mean of more than one standard
deviation is subtracted first.
"""

from __future__ import annotations

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
        mean, variance: shape (N, G, 1, 1), in double precision.
    """
    _, g, k, s = x.shape
    is_near, compiled = is_plain(mean, variance, eps), are_compiled(x)
    gamma = np.ones((g, k, 1)) if gamma is None else gamma.astype(np.float64)

    def work(samples: slice, threads: int) -> tuple[Array, Array]:
        """x̄ = factor ȳ − slope source − shift, where x̂ = (source − delta) along."""
        signal, source, target = y_bar[samples], x[samples], x_bar[samples]
        scale = 1 / np.sqrt(variance[samples] + eps)
        factor, delta, along = scale * gamma, mean[samples], scale
        if not is_near:
            fill_standardized(target, source, delta, scale, centered, threads)
            source, delta, along = target, np.zeros_like(delta), np.ones_like(scale)
        found = compiled_sums(signal, source) if compiled else (dots(signal, source, s), sums(signal, s))
        bars = np.stack(((found[0] - delta * found[1]) * along, found[1]))  # Σ ȳ x̂ and Σ ȳ
        slope, shift = np.vecdot(bars[..., 0], gamma[..., 0])[..., None, None] * (scale / (k * s))
        slope = slope * along
        shift = shift - slope * delta if centered else np.zeros_like(slope)
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers = np.multiply((slope, shift), -1 / factor)
        if np.max(abs(numbers)) < 1 / _FAINT:  # one pass over memory, not two
            steps = (np.multiply, numbers[0]), (np.add, numbers[1]), (np.add, signal)
            fill_rows(target, source, *steps, (np.multiply, factor), threads=threads)
        else:
            fill_rows(target, source, (np.multiply, -slope), (np.subtract, shift), threads=threads)
            fill_rows(target, signal, (np.multiply, factor), (np.add, target), threads=threads)
        weight_bar, bias_bar = bars.sum(axis=1)
        return weight_bar, bias_bar

    weight_bar, bias_bar = (sum(of_block) for of_block in zip(*in_blocks(work, x, compiled), strict=True))
    return weight_bar, bias_bar


def are_compiled(x: Array) -> bool:
    """Whether oneDNN finds the sums of these pieces."""
    return x.size >= _COMPILED and onednn.takes_pieces(x)


def compiled_sums(y_bar: Array, x: Array) -> Array:
    """Σ ȳ x and Σ ȳ of each piece, shape (2, N, G, K, 1), by oneDNN."""
    n, g, k, s = x.shape
    return onednn.piece_gradients(y_bar.reshape(-1, s), x.reshape(-1, s)).reshape(2, n, g, k, 1)
