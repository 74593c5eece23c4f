"""Standardization of rows, each with a mean of its own, block by block in the cache.

As in `channels`, a block of some samples stays in the cache from its means to its result, and means are kept in double
precision: δ is what rounding them to the arrays' precision takes away.

What is normalized is seen as (N, G, D): in each of N samples are G rows of length D, and γ and β are those of a sample,
one number for each row (G, 1) or for each element (G, D).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["fits", "gradients", "standardize"]

_BLOCK = 1 << 15  # elements: two or three blocks stay in the cache together
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
    axes = len(axis)
    shape, each = _shape(x, weight, axes)
    n, g, d = shape
    whole, weight, bias = np.ascontiguousarray(x).reshape(shape), *(_of_rows(a, x, shape, each) for a in (weight, bias))
    y, mean, variance = np.empty(shape, x.dtype), np.zeros((n, g)), np.empty((n, g))

    def work(first: int, last: int) -> None:
        for samples in _blocks(first, last, g * d):
            source, target = whole[samples], y[samples]
            delta: Any = 0.0
            if centered:
                near = (_sums(source) / d).astype(x.dtype)
                np.subtract(source, near[..., None], out=target)
                delta = _sums(target) / d
                mean[samples] = near + delta
                source = target
            variance[samples] = np.maximum(_dots(source, source) / d - delta**2, 0)
            scale = 1 / np.sqrt(variance[samples] + eps)
            if weight is not None and not each:
                scale *= weight[:, 0]
            np.multiply(source, scale.astype(x.dtype)[..., None], out=target)
            _subtract_rounding(target, delta * scale)
            if each:
                target *= weight
            if bias is not None:
                target += bias

    in_pieces(work, n, x.size > _LARGE)
    kept = (*x.shape[: x.ndim - axes], *(1,) * axes)
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
    axes = len(axis)
    shape, each = _shape(x, weight, axes)
    n, g, d = shape
    whole, signals = (np.ascontiguousarray(a).reshape(shape) for a in (x, y_bar))
    gamma = _of_rows(weight, x, shape, each)
    mean, inverse = mean.reshape(n, g), 1 / np.sqrt(variance.reshape(n, g) + eps)
    near, x_bar = mean.astype(x.dtype), np.empty(shape, x.dtype)

    def work(first: int, last: int) -> Any:
        weight_bar, bias_bar = np.zeros((2, g, d if each else 1))
        for samples in _blocks(first, last, g * d):
            signal, target, scale = signals[samples], x_bar[samples], inverse[samples]
            x_hat = whole[samples] - near[samples][..., None] if centered else whole[samples].copy()
            x_hat *= scale.astype(x.dtype)[..., None]
            _subtract_rounding(x_hat, (mean[samples] - near[samples]) * scale)
            if each:
                bias_bar += signal.sum(axis=0)
                weight_bar += np.einsum("ngd,ngd->gd", signal, x_hat)
                signal = np.multiply(signal, gamma, out=target)
            sums, products = _sums(signal), _dots(signal, x_hat)
            if not each:
                bias_bar[:, 0] += sums.sum(axis=0)
                weight_bar[:, 0] += products.sum(axis=0)
                scale = scale if gamma is None else scale * gamma[:, 0]
            x_hat *= (products / d).astype(x.dtype)[..., None]
            np.subtract(signal, x_hat, out=target)
            if centered:
                target -= (sums / d).astype(x.dtype)[..., None]
            target *= scale.astype(x.dtype)[..., None]
        return weight_bar, bias_bar

    parts = in_pieces(work, n, x.size > _LARGE)
    bars = (sum(of_part) for of_part in zip(*parts, strict=True))
    return x_bar.reshape(x.shape), *(_like(a, bar, x, each) for a, bar in zip((weight, bias), bars, strict=True))


def _shape(x: Array, weight: Array, axes: int) -> tuple[tuple[int, int, int], bool]:
    """(N, G, D), and whether γ differs along a row."""
    first = x.ndim - axes
    sample = first if weight is None else x.ndim - weight.ndim
    each = weight is not None and any(n > 1 for n in weight.shape[first - sample :])
    return (prod(x.shape[:sample]), prod(x.shape[sample:first]), prod(x.shape[first:])), each


def _of_rows(array: Array, x: Array, shape: tuple[int, int, int], each: bool) -> Array:
    """γ or β as (G, D) or (G, 1)."""
    if array is None:
        return None
    full = np.broadcast_to(array, x.shape[x.ndim - array.ndim :]) if each else array
    return full.reshape(shape[1], -1)


def _like(array: Array, signal: Array, x: Array, each: bool) -> Array:
    """An error signal in the shape and the precision of its array."""
    if array is None:
        return None
    if each:
        signal = signal.reshape(x.shape[x.ndim - array.ndim :])
        stretched = tuple(i for i, n in enumerate(array.shape) if n < signal.shape[i])
        signal = signal.sum(axis=stretched)
    return signal.reshape(array.shape).astype(array.dtype)


def _subtract_rounding(x_hat: Array, delta: Array) -> None:
    """Subtract a small number from each row, if it is not lost in rounding anyway."""
    if np.any(abs(delta) > np.finfo(x_hat.dtype).eps):
        x_hat -= delta.astype(x_hat.dtype)[..., None]


def _blocks(first: int, last: int, length: int) -> Iterator[slice]:
    """The samples from `first` to `last`, a few at a time."""
    step = max(1, _BLOCK // (length or 1))
    for start in range(first, last, step):
        yield slice(start, min(start + step, last))


def _sums(rows: Array) -> Array:
    """The sum of each row, in double precision."""
    return (rows @ np.ones(rows.shape[-1], rows.dtype)).astype(np.float64)


def _dots(a: Array, b: Array) -> Array:
    """Σ a b for each row, in double precision."""
    return np.einsum("ngd,ngd->ng", a, b).astype(np.float64)
