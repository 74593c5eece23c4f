"""Standardization of rows, each with a mean of its own, some samples at a time.

As in `channels`, a block of some samples stays in the cache from its means to its result. Means are kept in double
precision; δ is what rounding them to the arrays' precision takes away. A mean of at most one standard deviation is not
subtracted first, which saves two readings: it is all of δ. Where means are not large, oneDNN computes rows in single
precision, if it is installed: in half the time, γ and β of pieces in a pass of their own included.

What is normalized is seen as (N, G, K, S): in each of N samples are G rows of length D = K S, which consist of K pieces
with one γ and β each, (G, K, 1). In layer normalization pieces are single elements; there γ is multiplied separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.normalization import columns, onednn
from minigrad.kernels.normalization.fused import Step, fill
from minigrad.kernels.threads import blas_threads, in_pieces
from minigrad.typing import Array

__all__ = ["fits", "gradients", "standardize"]

_BLOCK = 1 << 21  # elements: small enough for the cache, and large enough for Python's share of the time to be small
_SHORTEST = 32  # elements in a piece: loops over shorter ones are slow
_FAR, _HUGE = 64.0, 1e30  # 8 standard deviations, squared; a variance
_FAINT = 1e-6  # by less, or by 0, nothing is divided: γ may be 0
_LONGEST = 1 << 16  # elements: longer sums in single precision would lose digits
_LARGE = 1 << 20  # elements: with fewer, a second thread costs what it saves


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
    mean, variance = np.zeros((n, g, 1, 1)), np.empty((n, g, 1, 1))
    single = s == 1 < k
    kept = (*x.shape[: x.ndim - len(axis)], *(1,) * len(axis))
    given = (np.multiply, gamma), (np.add, beta)
    gamma_and_beta: list[Step] = [(do, a) for do, a in given if a is not None]
    if centered and _onednn_takes(whole):
        near, square = np.empty((2, n * g), x.dtype)
        rows, of_rows = (a.reshape(n * g, k * s) for a in (whole, result))
        scale, shift = (_flat(a) if _is_of_elements(gamma, shape) else None for a in (gamma, beta))
        apart: list[Step] = [] if scale is not None else gamma_and_beta
        # OpenMP's threads go on spinning after each call, and those of Python that come next would wait for them.
        in_threads = bool(apart) and x.size > _LARGE and blas_threads() is not None

        def compiled(first: int, last: int) -> None:
            part, threads = slice(first * g, last * g), 1 if in_threads else None
            onednn.standardize(rows[part], scale, shift, eps, of_rows[part], near[part], square[part], threads)
            if apart:
                _fill_samples(result[first:last], result[first:last], *apart)

        in_pieces(compiled, n, in_threads)
        if not _is_far(near, square, eps):
            return y, near.reshape(kept), square.reshape(kept)

    def work(first: int, last: int) -> None:
        for samples in _blocks(first, last, g * k * s):
            source, target = whole[samples], result[samples]
            delta: Any = _sums(source) / (k * s) if centered else 0.0
            square = _dots(source, source) / (k * s)
            mean[samples] = delta
            if centered and not _is_plain(delta, square - delta**2, eps):
                near = mean[samples].astype(x.dtype)
                _fill_rows(target, source, (np.subtract, near))
                delta, source = _sums(target) / (k * s), target
                mean[samples] = near + delta
                square = _dots(source, source) / (k * s)
            variance[samples] = np.maximum(square - delta**2, 0)
            scale = 1 / np.sqrt(variance[samples] + eps)
            if gamma is not None and not single:
                scale = scale * gamma
            steps: list[Step] = [(np.multiply, scale)]
            if centered or (beta is not None and not single):
                steps.append((np.add, -delta * scale if beta is None or single else beta - delta * scale))
            _fill_rows(target, source, *steps)
            if single and gamma_and_beta:
                _fill_samples(target, target, *gamma_and_beta)

    in_pieces(work, n, x.size > _LARGE)
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
    of_elements = gamma is None or _is_of_elements(gamma, shape)
    if centered and of_elements and _onednn_takes(whole) and not _is_far(mean, variance, eps):
        signal, source, target = (a.reshape(n * g, k * s) for a in (signals, whole, result))
        near, square = (a.reshape(-1).astype(x.dtype, copy=False) for a in (mean, variance))
        bars = np.zeros((2, g, k, 1), x.dtype)
        onednn.gradients(signal, source, target, _flat(gamma), eps, near, square, bars.reshape(2, -1))
        return x_bar, _like(weight, bars[0], x), _like(bias, bars[1], x)
    mean, variance = (a.astype(np.float64, copy=False).reshape(n, g, 1, 1) for a in (mean, variance))

    def work(first: int, last: int) -> Any:
        weight_bar, bias_bar = np.zeros((2, g, k, 1))
        for samples in _blocks(first, last, g * k * s):
            source, signal, target, delta = whole[samples], signals[samples], result[samples], mean[samples]
            along = scale = 1 / np.sqrt(variance[samples] + eps)  # x̂ = (source − delta) along
            if s == 1 or not _is_plain(delta, variance[samples], eps):
                near = delta.astype(x.dtype)
                steps: list[Step] = [(np.multiply, scale)]
                if centered:
                    steps = [(np.subtract, near), *steps, (np.add, (near - delta) * scale)]
                _fill_rows(target, source, *steps)
                source, delta, along = target, 0.0, 1.0
            if s == 1:
                weighted = signal
                if gamma is not None:
                    weighted = np.empty_like(signal)
                    _fill_samples(weighted, signal, (np.multiply, gamma))
                bias_bar += columns.sums(signal.reshape(-1, g * k)).reshape(g, k, 1)
                weight_bar += columns.dots(*(a.reshape(-1, g * k) for a in (signal, source))).reshape(g, k, 1)
                steps = [(np.multiply, -_dots(weighted, source) / k), (np.add, weighted)]
                if centered:
                    steps.append((np.add, -_sums(weighted) / k))
                _fill_rows(target, source, *steps, (np.multiply, scale))
                continue
            sums, factor = _sums(signal, s), scale
            products = (_dots(signal, source, s) - delta * sums) * along
            bias_bar += sums.sum(axis=0)
            weight_bar += products.sum(axis=0)
            if gamma is not None:
                factor = scale * gamma
                sums, products = ((a * gamma).sum(axis=2, keepdims=True) for a in (sums, products))
            along = products * along * scale / (k * s)
            shift = along * delta - sums * scale / (k * s) if centered else np.zeros_like(along)
            if np.all(_FAINT * np.maximum(abs(along), abs(shift)) < abs(factor)):  # one pass over memory, not two
                steps = [(np.multiply, -along / factor), (np.add, shift / factor), (np.add, signal)]
                _fill_rows(target, source, *steps, (np.multiply, factor))
            else:
                _fill_rows(target, source, (np.multiply, -along), (np.add, shift))
                _fill_rows(target, signal, (np.multiply, factor), (np.add, target))
        return weight_bar, bias_bar

    parts = in_pieces(work, n, x.size > _LARGE)
    weight_bar, bias_bar = (sum(of_part) for of_part in zip(*parts, strict=True))
    return x_bar, _like(weight, weight_bar, x), _like(bias, bias_bar, x)


def _onednn_takes(x: Array) -> bool:
    """Whether these are rows for its layer normalization, whose sums are in single precision."""
    _, _, k, s = x.shape
    return k * s <= _LONGEST and onednn.can_take(x)


def _is_of_elements(gamma: Array, shape: tuple[int, int, int, int]) -> bool:
    """Whether γ has one number for each element of a row, the same in all rows, as oneDNN's has."""
    _, g, k, s = shape
    return gamma is not None and g == 1 and s == 1 < k


def _is_far(mean: Array, variance: Array, eps: float) -> bool:
    """Whether a mean is so large that rounding it to single precision would matter, or a square beyond its range."""
    return bool(np.any(np.square(mean) > _FAR * (variance + eps)) or np.any(variance > _HUGE))


def _is_plain(mean: Array, variance: Array, eps: float) -> bool:
    """Whether x / σ − μ / σ has the digits of (x − μ) / σ, and 1 / σ² is in the range of single precision."""
    spread = variance + eps
    return bool(np.all((np.square(mean) <= spread) & (spread > 1 / _HUGE) & (spread < _HUGE)))


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
    return (n, g, k, s) if alike and (s >= _SHORTEST or k == 1) else (n, g, k * s, 1)


def _in_order(x: Array) -> Array:
    """The array in NumPy's order; images whose channels lie next to each other are not."""
    if x.flags.c_contiguous:
        return x
    y = np.empty(x.shape, x.dtype)
    in_pieces(lambda first, last: np.copyto(y[first:last], x[first:last]), len(x), x.size > _LARGE)
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


# ---------------------------------------------------------------- blocks
def _blocks(first: int, last: int, length: int) -> Iterator[slice]:
    """The samples from `first` to `last`, a few at a time."""
    step = max(1, _BLOCK // length)
    for start in range(first, last, step):
        yield slice(start, min(start + step, last))


def _sums(block: Array, length: int = 0) -> Array:
    """The sum of each row, or of pieces of this length, in double precision."""
    n, g, k, s = block.shape
    length = length or k * s
    rows = block.reshape(-1, length)
    return (rows @ np.ones(length, block.dtype)).astype(np.float64).reshape(n, g, -1, 1)


def _dots(a: Array, b: Array, length: int = 0) -> Array:
    """Σ a b for each row, or for pieces of this length, in double precision."""
    n, g, k, s = a.shape
    length = length or k * s
    left, right = (array.reshape(-1, length) for array in (a, b))
    starts = range(0, length, _LONGEST)
    parts = (np.vecdot(left[:, i : i + _LONGEST], right[:, i : i + _LONGEST]).astype(np.float64) for i in starts)
    return sum(parts, np.float64(0)).reshape(n, g, -1, 1)


def _fill_rows(target: Array, source: Array, *steps: Step) -> None:
    """`fill` with numbers of each row, (N, G, 1, 1), or of each piece, (N, G, K, 1)."""
    rows = (1, steps[0][1].size, -1)
    of_rows = ((do, a.reshape(rows if a.shape == source.shape else -1)) for do, a in steps)
    fill(target.reshape(rows), source.reshape(rows), *of_rows)


def _fill_samples(target: Array, source: Array, *steps: Step) -> None:
    """`fill` with numbers that are the same for each sample, (G, K, 1)."""
    n, g, k, s = source.shape
    samples = (n, g * k) if s == 1 else (n, g * k, s)
    fill(target.reshape(samples), source.reshape(samples), *((do, a.reshape(-1)) for do, a in steps))
