"""Standardization of rows, each with a mean of its own, some samples at a time.

As in `channels`, a block of some samples stays in the cache from its means to its result. Means are kept in double
precision; δ is what rounding them to the arrays' precision takes away. A mean of at most one standard deviation is not
subtracted first, which saves two readings: it is all of δ. Where means are not large, oneDNN computes rows in single
precision, if it is installed: in a third of the time.

What is normalized is seen as (N, G, K, S): in each of N samples are G rows of length D = K S, which consist of K pieces
with one γ and β each, (G, K, 1). In layer normalization pieces are single elements; there γ is multiplied separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["fits", "gradients", "standardize"]

_BLOCK = 1 << 19  # elements: small enough for the cache, and large enough for Python's share of the time to be small
_SHORTEST = 32  # elements in a piece: loops over shorter ones are slow
_FAR, _HUGE = 64.0, 1e30  # 8 standard deviations, squared; a variance
_LARGE = 1 << 16  # elements: with fewer, a second thread costs what it saves


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
    whole, y = np.ascontiguousarray(x).reshape(shape), np.empty(shape, x.dtype)
    gamma, beta = (_of_sample(a, x, shape) for a in (weight, bias))
    mean, variance = np.zeros((n, g, 1, 1)), np.empty((n, g, 1, 1))
    single = s == 1 < k
    compiled = onednn.can_take(whole) and centered
    at_once = gamma is None or (g == 1 and single)  # oneDNN has one γ and β for all rows
    inside = [_flat(a) if at_once else None for a in (gamma, beta)]
    repeated = [None if at_once or a is None else np.repeat(a, s, axis=-1).reshape(1, -1) for a in (gamma, beta)]

    def by_onednn(first: int, last: int) -> bool:
        for samples in [slice(first, last)] if at_once else _blocks(first, last, g * k * s):
            source, target = (a[samples].reshape(-1, k * s) for a in (whole, y))
            near, square = np.empty((2, len(source)), x.dtype)
            onednn.standardize(source, inside[0], inside[1], eps, target, near, square)
            mean[samples], variance[samples] = (a.reshape(-1, g, 1, 1) for a in (near, square))
            if _is_far(near, square, eps):
                return False
            target = target.reshape(-1, g * k * s)
            if repeated[0] is not None:
                target *= repeated[0]
            if repeated[1] is not None:
                target += repeated[1]
        return True

    def work(first: int, last: int) -> None:
        if compiled and by_onednn(first, last):
            return
        for samples in _blocks(first, last, g * k * s):
            source, target = whole[samples], y[samples]
            delta: Any = _sums(source) / (k * s) if centered else 0.0
            square = _dots(source, source) / (k * s)
            mean[samples] = delta
            if centered and not _is_plain(delta, square - delta**2, eps):
                near = mean[samples].astype(x.dtype)
                np.subtract(source, near, out=target)
                delta, source = _sums(target) / (k * s), target
                mean[samples] = near + delta
                square = _dots(source, source) / (k * s)
            variance[samples] = np.maximum(square - delta**2, 0)
            scale = 1 / np.sqrt(variance[samples] + eps)
            if gamma is not None and not single:
                scale = scale * gamma
            np.multiply(source, scale.astype(x.dtype), out=target)
            shift = -delta * scale
            if beta is not None and not single:
                shift = shift + beta
            _add(target, shift)
            if single:
                target *= gamma
                if beta is not None:
                    target += beta

    in_pieces(work, n, x.size > _LARGE)
    kept = (*x.shape[: x.ndim - len(axis)], *(1,) * len(axis))
    return y.reshape(x.shape), mean.reshape(kept), variance.reshape(kept)


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
    whole, signals = (np.ascontiguousarray(a).reshape(shape) for a in (x, y_bar))
    gamma, x_bar = _of_sample(weight, x, shape), np.empty(shape, x.dtype)
    mean, variance = (a.reshape(n, g, 1, 1) for a in (mean, variance))
    single = s == 1 < k
    compiled = onednn.can_take(whole) and centered and (gamma is None or (g == 1 and single))
    compiled = compiled and not _is_far(mean, variance, eps)

    def by_onednn(first: int, last: int) -> Any:
        bars = np.zeros((2, g, k, 1), x.dtype)
        signal, source, target = (a[first:last].reshape(-1, k * s) for a in (signals, whole, x_bar))
        near, square = (a[first:last].reshape(-1).astype(x.dtype) for a in (mean, variance))
        onednn.gradients(signal, source, target, _flat(gamma), eps, near, square, bars.reshape(2, -1))
        return bars

    def work(first: int, last: int) -> Any:
        if compiled:
            return by_onednn(first, last)
        weight_bar, bias_bar = np.zeros((2, g, k, 1))
        for samples in _blocks(first, last, g * k * s):
            source, signal, target, delta = whole[samples], signals[samples], x_bar[samples], mean[samples]
            along = scale = 1 / np.sqrt(variance[samples] + eps)  # x̂ = (source − delta) along
            if single or not _is_plain(delta, variance[samples], eps):
                near = delta.astype(x.dtype)
                source = np.subtract(source, near, out=target)
                source *= scale.astype(x.dtype)
                _add(source, (near - delta) * scale)
                delta, along = 0.0, np.ones_like(scale)
            if single:
                rows, x_hat = signal.reshape(len(signal), -1), source.reshape(len(signal), -1)
                bias_bar += (np.ones(len(rows), x.dtype) @ rows).reshape(bias_bar.shape)
                weight_bar += np.einsum("nw,nw->w", rows, x_hat).reshape(weight_bar.shape)
                signal, factor = signal * gamma, scale
                sums, products = _sums(signal), _dots(signal, source)
            else:
                sums = _sums(signal, s)
                products = (_dots(signal, source, s) - delta * sums) * along
                bias_bar += sums.sum(axis=0)
                weight_bar += products.sum(axis=0)
                factor = scale
                if gamma is not None:
                    factor = scale * gamma
                    sums, products = ((a * gamma).sum(axis=2, keepdims=True) for a in (sums, products))
            along = products * along * scale / (k * s)
            np.multiply(source, (-along).astype(x.dtype), out=target)
            target += signal * factor.astype(x.dtype)
            if centered:
                target += (along * delta - sums * scale / (k * s)).astype(x.dtype)
        return weight_bar, bias_bar

    parts = in_pieces(work, n, x.size > _LARGE)
    weight_bar, bias_bar = (sum(of_part) for of_part in zip(*parts, strict=True))
    return x_bar.reshape(x.shape), _like(weight, weight_bar, x), _like(bias, bias_bar, x)


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
    left, right = (array.reshape(-1, length or k * s) for array in (a, b))
    return np.vecdot(left, right).astype(np.float64).reshape(n, g, -1, 1)


def _add(x_hat: Array, shift: Array) -> None:
    """Add numbers, if they are not lost in rounding anyway."""
    if np.any(abs(shift) > np.finfo(x_hat.dtype).eps):
        x_hat += shift.astype(x_hat.dtype)
