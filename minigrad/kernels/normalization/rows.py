"""Standardization of rows, each with a mean of its own, some samples at a time.

As in `channels`, a block of some samples stays in the cache from its means to its result. Means are kept in double
precision; δ is what rounding them to the arrays' precision takes away. A mean of at most one standard deviation is not
subtracted first, which saves two readings: it is all of δ. Where means are not large, oneDNN computes rows in single
precision, if it is installed; γ and β of pieces take a pass of their own.

What is normalized is seen as (N, G, K, S): in each of N samples are G rows of length D = K S, which consist of K pieces
with one γ and β each, (G, K, 1). In layer normalization pieces are single elements; there γ is multiplied separately.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.normalization import columns, onednn, pieces
from minigrad.kernels.normalization.blocks import (
    HUGE,
    LARGE,
    LONGEST,
    SHORT,
    are_near,
    dots,
    fill_rows,
    fill_samples,
    fill_standardized,
    in_blocks,
    is_plain,
    sums,
)
from minigrad.kernels.normalization.fused import Step
from minigrad.kernels.onednn_computation import threads_for
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["fits", "gradients", "standardize"]

_SHORTEST = 32  # elements in a piece: loops over shorter ones are slow
_FAR = 8.0  # standard deviations


def fits(x: Array, weight: Array, axis: tuple[int, ...], centered: bool) -> bool:  # noqa: ARG001
    """Whether the mean is taken over the last axes, and γ and β are the same for each sample."""
    first = x.ndim - len(axis)
    if axis != tuple(range(first, x.ndim)):
        return False
    sample = first if weight is None else x.ndim - weight.ndim
    return 0 <= sample <= first and (weight is None or weight.shape[: first - sample] == x.shape[sample:first])


def standardize(
    x: Array, weight: Array, bias: Array, *, axis: tuple[int, ...], eps: float, centered: bool
) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance of each row; where it is not `centered`, the mean is 0."""
    n, g, k, s = shape = _shape(x, weight, len(axis))
    y = np.empty(x.shape, x.dtype)
    whole, result = _in_order(x).reshape(shape), y.reshape(shape)
    gamma, beta = (_of_sample(a, x, shape) for a in (weight, bias))
    single = s == 1 < k
    kept = (*x.shape[: x.ndim - len(axis)], *(1,) * len(axis))
    given = (np.multiply, gamma), (np.add, beta)
    gamma_and_beta: list[Step] = [(do, a) for do, a in given if a is not None]
    of_elements = _is_of_elements(gamma, shape)
    if _onednn_takes(whole) and (centered or of_elements):
        threads = threads_for(x)
        near, square = np.empty((2, n * g), x.dtype)
        if not centered:
            near[:], square[:] = 0, _dots_of_rows(whole, whole) / (k * s)
        rows, of_rows = (a.reshape(n * g, k * s) for a in (whole, result))
        scale, shift = (_flat(a) if of_elements else None for a in (gamma, beta))
        onednn.standardize(rows, scale, shift, eps, of_rows, near, square, threads, given=not centered)
        if gamma_and_beta and not of_elements:
            fill_samples(result, result, *gamma_and_beta, threads=threads)
        if not _is_far(near, square, eps):
            return y, near.reshape(kept), square.reshape(kept)

    compiled = s > 1 and pieces.are_compiled(whole)
    mean, variance = np.zeros((n, g, 1, 1)), np.empty((n, g, 1, 1))

    def means(source: Array, threads: int) -> tuple[Any, Array]:
        """Of x and x² in each row."""
        if compiled:
            of_pieces = pieces.compiled_sums(source, source, threads)
            square, delta = of_pieces.sum(axis=3, keepdims=True, dtype=np.float64) / (k * s)
            return delta if centered else 0.0, square
        return sums(source) / (k * s) if centered else 0.0, dots(source, source) / (k * s)

    def work(samples: slice, threads: int) -> None:
        source, target = whole[samples], result[samples]
        delta, square = means(source, threads)
        mean[samples] = delta
        if centered and not is_plain(delta, square - delta**2 + eps):
            near = mean[samples].astype(x.dtype)
            fill_rows(target, source, (np.subtract, near), threads=threads)
            source = target
            delta, square = means(source, threads)
            mean[samples] = near + delta
        variance[samples] = np.maximum(square - delta**2, 0)
        scale = 1 / np.sqrt(variance[samples] + eps)
        if gamma is not None and not single:
            scale = scale * gamma
        steps: list[Step] = [(np.multiply, scale)]
        if centered or (beta is not None and not single):
            steps.append((np.add, -delta * scale if beta is None or single else beta - delta * scale))
        fill_rows(target, source, *steps, threads=threads)
        if single and gamma_and_beta:
            fill_samples(target, target, *gamma_and_beta, threads=threads)

    in_blocks(work, whole, compiled)
    return y, mean.reshape(kept), variance.reshape(kept)


def gradients(
    y_bar: Array,
    x: Array,
    weight: Array,
    bias: Array,
    *,
    axis: tuple[int, ...],
    eps: float,
    centered: bool,
    mean: Array,
    variance: Array,
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: x̄ = (γ ȳ − mean(γ ȳ) − x̂ mean(γ ȳ x̂)) / σ; γ̄ = Σ ȳ x̂, and β̄ = Σ ȳ."""
    n, g, k, s = shape = _shape(x, weight, len(axis))
    x_bar = np.empty(x.shape, x.dtype)
    whole, signals, result = (_in_order(a).reshape(shape) for a in (x, y_bar, x_bar))
    gamma = _of_sample(weight, x, shape)
    of_elements = _is_of_elements(gamma, shape) or (gamma is None and centered)
    if of_elements and _onednn_takes(whole) and not _is_far(mean, variance, eps):
        signal, source, target = (a.reshape(n * g, k * s) for a in (signals, whole, result))
        near, square = (a.reshape(-1).astype(x.dtype, copy=False) for a in (mean, variance))
        bars, threads = np.zeros((2, g * k), x.dtype), threads_for(x)
        onednn.gradients(signal, source, target, _flat(gamma), eps, near, square, bars, threads, not centered)
        if not centered:  # x̄ is γ ȳ / σ; what reaches x through σ is missing
            slope = _dots_of_rows(result, whole).reshape(n, g, 1, 1) / (k * s * (square.reshape(n, g, 1, 1) + eps))
            fill_rows(result, whole, (np.multiply, -slope), (np.add, result), threads=threads)
        weight_bar, bias_bar = bars.reshape(2, g, k, 1)
        return x_bar, _like(weight, weight_bar, x), _like(bias, bias_bar, x)
    mean, variance = (a.reshape(n, g, 1, 1) for a in (mean, variance))
    fill_gradients = pieces.gradients if s > 1 else _gradients_of_elements
    weight_bar, bias_bar = fill_gradients(signals, whole, result, gamma, mean, variance, eps, centered)
    return x_bar, _like(weight, weight_bar, x), _like(bias, bias_bar, x)


def _gradients_of_elements(
    y_bar: Array, x: Array, x_bar: Array, gamma: Array, mean: Array, variance: Array, eps: float, centered: bool
) -> tuple[Array, Array]:
    """As `pieces.gradients`, where each piece is a single element."""
    n, g, k, _ = x.shape
    mean, variance = (a.astype(np.float64, copy=False) for a in (mean, variance))
    compiled = pieces.are_compiled(x.reshape(n, g, 1, k)) and onednn.takes_columns(x.reshape(n, g * k))

    def work(samples: slice, threads: int) -> Array:
        signal, target, scale = y_bar[samples], x_bar[samples], 1 / np.sqrt(variance[samples] + eps)
        fill_standardized(target, x[samples], mean[samples], scale, centered, threads)
        weighted = signal
        if gamma is not None:
            weighted = np.empty_like(signal)
            fill_samples(weighted, signal, (np.multiply, gamma), threads=threads)
        wide, long = (-1, g * k), (-1, g, 1, k)
        bars = columns.dots_and_sums(signal.reshape(wide), target.reshape(wide), threads)
        if compiled:
            along, shift = pieces.compiled_sums(weighted.reshape(long), target.reshape(long), threads)
        else:
            along, shift = dots(weighted, target), sums(weighted)
        steps: list[Step] = [(np.multiply, -along / k), (np.add, weighted)]
        if centered:
            steps.append((np.add, -shift / k))
        fill_rows(target, target, *steps, (np.multiply, scale), threads=threads)
        return bars.reshape(2, g, k, 1)

    weight_bar, bias_bar = sum(in_blocks(work, x, compiled))
    return weight_bar, bias_bar


def _dots_of_rows(a: Array, b: Array) -> Array:
    """Σ a b for each row, shape (N G,)."""
    return np.concatenate(in_blocks(lambda samples, _: dots(a[samples], b[samples]), a)).reshape(-1)


def _onednn_takes(x: Array) -> bool:
    """Whether these are rows for its layer normalization, whose sums are in single precision."""
    _, _, k, s = x.shape
    return k * s <= LONGEST and onednn.can_take(x)


def _is_of_elements(gamma: Array, shape: tuple[int, int, int, int]) -> bool:
    """Whether γ has one number for each element of a row, the same in all rows, as oneDNN's has."""
    _, g, k, s = shape
    return gamma is not None and g == 1 and s == 1 < k


def _is_far(mean: Array, variance: Array, eps: float) -> bool:
    """Whether a mean is so large that rounding it to single precision would matter, or a square beyond its range."""
    return bool(variance.max() > HUGE) or not are_near(mean, variance + eps, _FAR)


# ---------------------------------------------------------------- shapes
def _shape(x: Array, weight: Array, axes: int) -> tuple[int, int, int, int]:
    """(N, G, K, S)."""
    first = x.ndim - axes  # of the axes of a mean
    if weight is None:
        return prod(x.shape[:first]), 1, 1, prod(x.shape[first:])
    sample = x.ndim - weight.ndim
    n, g = prod(x.shape[:sample]), prod(x.shape[sample:first])
    same = first
    while same < x.ndim and weight.shape[same - sample] == x.shape[same]:
        same += 1
    k, s = prod(x.shape[first:same]), prod(x.shape[same:])
    alike = all(n == 1 for n in weight.shape[same - sample :])
    shortest = SHORT if g == 1 and k * s <= LONGEST and onednn.can_take(x) else _SHORTEST
    return (n, g, k, s) if alike and (s >= shortest or k == 1) else (n, g, k * s, 1)


def _in_order(x: Array) -> Array:
    """The array in NumPy's order; images whose channels lie next to each other are not."""
    if x.flags.c_contiguous:
        return x
    y = np.empty(x.shape, x.dtype)
    in_pieces(lambda first, last: np.copyto(y[first:last], x[first:last]), len(x), x.size > LARGE)
    return y


def _of_sample(array: Array, x: Array, shape: tuple[int, int, int, int]) -> Array:
    """γ or β as (G, K, 1)."""
    if array is None:
        return None
    _, g, k, _ = shape
    return (array if array.size == g * k else np.broadcast_to(array, x.shape[x.ndim - array.ndim :])).reshape(g, k, 1)


def _flat(array: Array) -> Array:
    """γ or β of single elements, one after the other in memory."""
    return None if array is None else np.ascontiguousarray(array).reshape(-1)


def _like(array: Array, signal: Array, x: Array) -> Array:
    """An error signal (G, K, 1) in the shape and the precision of its array."""
    if array is None:
        return None
    if array.size < signal.size:
        signal = signal.reshape(x.shape[x.ndim - array.ndim :])
        signal = signal.sum(axis=tuple(i for i, n in enumerate(array.shape) if n < signal.shape[i]))
    return signal.reshape(array.shape).astype(array.dtype)
