"""Standardization of channels, whose means are taken over all samples and positions, some channels at a time.

Memory is the bottleneck: computed formula by formula, an image batch would travel between memory and processor a dozen
times. A block of some channels stays in the cache from its mean to its result, and is computed in the memory of the
result. It is a matrix with a row for each sample, and numbers of a channel are repeated along it. Vectors, whose rows
would be short, have blocks of their own in `vectors`.

Differences are taken from a number near the mean, that of the first samples, which keeps the digits of numbers that are
large and close together; δ is the mean of these differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.normalization import columns, vectors
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["affine", "fits", "gradients", "is_per_channel", "standardize"]

_BLOCK = 1 << 18  # elements: small enough for the cache, and large enough for Python's share of the time to be small
_SHORTEST = 256  # elements in a row of a block: loops over shorter ones are slow
_NEAR = 64  # elements whose mean is near that of all
_LARGE = 1 << 16  # elements: with fewer, a second thread costs what it saves


def fits(x: Array, weight: Array, axis: tuple[int, ...], centered: bool) -> bool:
    """Whether the mean is taken over samples and positions of (N, C, *size), with one γ and β for each channel."""
    over_positions = centered and x.ndim > 1 and axis == (0, *range(2, x.ndim))
    return over_positions and (weight is None or is_per_channel(weight, x))


def is_per_channel(array: Array, x: Array) -> bool:
    """Whether it has one number for each channel of (N, C, *size), with axes to broadcast against it."""
    return x.ndim > 1 and tuple(array.shape) == (x.shape[1], *(1,) * (x.ndim - 2))


def standardize(x: Array, weight: Array, bias: Array, *, eps: float, **_: Any) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance of each channel, which broadcast against x."""
    x = np.ascontiguousarray(x)
    weight, bias = _flat(weight), _flat(bias)
    if vectors.fits(x):
        y, mean, variance = vectors.standardize(x, weight, bias, eps)
        return y, _against(mean, x), _against(variance, x)
    y, (c, s) = np.empty(x.shape, x.dtype), _shape(x)[1:]
    mean, variance = np.empty(c), np.empty(c)

    def work(first: int, last: int) -> None:
        for channels, source, target in _blocks(first, last, x, y):
            near = _mean_of_first(source, s)
            delta, square = _centre(source, target, near, s)
            if np.any(delta**2 > 4 * square):  # the first samples lie far from the others
                near = near + delta.astype(x.dtype)
                delta, square = _centre(source, target, near, s)
            mean[channels], variance[channels] = near + delta, square
            scale = 1 / np.sqrt(square + eps)
            if weight is not None:
                scale *= weight[channels]
            shift = -delta * scale if bias is None else bias[channels] - delta * scale
            target *= _along(scale, s, x.dtype)
            target += _along(shift, s, x.dtype)

    in_pieces(work, c, x.size > _LARGE)
    return y, _against(mean, x), _against(variance, x)


def gradients(
    y_bar: Array, x: Array, weight: Array, bias: Array, *, eps: float, mean: Array, variance: Array, **_: Any
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: x̄ = γ/σ (ȳ − mean(ȳ) − x̂ mean(ȳ x̂)); β̄ = Σ ȳ, and γ̄ = Σ ȳ x̂."""
    x, y_bar = np.ascontiguousarray(x), np.ascontiguousarray(y_bar)
    n, c, s = _shape(x)
    mean, variance = _flat(mean), _flat(variance)
    if vectors.fits(x):
        x_bar, products, sums = vectors.gradients(y_bar, x, _flat(weight), mean, variance, eps)
        return x_bar, _like(weight, products), _like(bias, sums)
    x_bar, sums, products = np.empty(x.shape, x.dtype), np.empty(c), np.empty(c)
    inverse = 1 / np.sqrt(variance + eps)
    near = mean.astype(x.dtype)
    delta, scale = mean - near, inverse if weight is None else inverse * weight.reshape(c)

    def work(first: int, last: int) -> None:
        for channels, source, signal, target in _blocks(first, last, x, y_bar, x_bar):
            np.subtract(source, _along(near[channels], s, x.dtype), out=target)
            sums[channels] = _sums(signal, s)
            products[channels] = (_dots(signal, target, s) - delta[channels] * sums[channels]) * inverse[channels]
            along = products[channels] * inverse[channels] / (n * s)
            shift = along * delta[channels] - sums[channels] / (n * s)
            target *= _along(-along, s, x.dtype)
            target += signal
            target += _along(shift, s, x.dtype)
            target *= _along(scale[channels], s, x.dtype)

    in_pieces(work, c, x.size > _LARGE)
    return x_bar, _like(weight, products), _like(bias, sums)


def affine(x: Array, mean: Array, scale: Array, bias: Array) -> Array:
    """(x − mean) scale + bias, with one number for each channel; the last one may be ``None``."""
    x = np.ascontiguousarray(x)
    mean, scale, bias = map(_flat, (mean, scale, bias))
    if vectors.fits(x):
        return vectors.affine(x, mean, scale, bias)
    y, (_, c, s) = np.empty(x.shape, x.dtype), _shape(x)

    def work(first: int, last: int) -> None:
        for channels, source, target in _blocks(first, last, x, y):
            np.subtract(source, _along(mean[channels], s, x.dtype), out=target)
            target *= _along(scale[channels], s, x.dtype)
            if bias is not None:
                target += _along(bias[channels], s, x.dtype)

    in_pieces(work, c, x.size > _LARGE)
    return y


# ---------------------------------------------------------------- blocks
def _blocks(first: int, last: int, *arrays: Array) -> Iterator[tuple[Any, ...]]:
    """The channels from `first` to `last`, a few at a time, and views of them with a row for each sample."""
    n, c, s = _shape(arrays[0])
    matrices = [array.reshape(n, c * s) for array in arrays]
    step = max(1, _BLOCK // (n * s), _SHORTEST // s)
    for start in range(first, last, step):
        stop = min(start + step, last)
        yield slice(start, stop), *(matrix[:, start * s : stop * s] for matrix in matrices)


def _centre(source: Array, target: Array, near: Array, positions: int) -> tuple[Array, Array]:
    """Fill `target` with differences from `near`; δ and the variance of each channel."""
    np.subtract(source, _along(near, positions, near.dtype), out=target)
    count = len(source) * positions
    delta = _sums(target, positions) / count
    return delta, np.maximum(_dots(target, target, positions) / count - delta**2, 0)


def _shape(x: Array) -> tuple[int, int, int]:
    """The numbers of samples, channels and positions."""
    return x.shape[0], x.shape[1], prod(x.shape[2:])


def _along(numbers: Array, positions: int, dtype: Any) -> Array:
    """The number of each channel, repeated along its positions."""
    numbers = numbers.astype(dtype, copy=False)
    return numbers if positions == 1 else np.repeat(numbers, positions)


def _mean_of_first(block: Array, positions: int) -> Array:
    """The mean of each channel in the first samples."""
    rows = block[: max(1, _NEAR // positions)]
    return rows.reshape(len(rows), -1, positions).mean(axis=(0, 2))


def _sums(block: Array, positions: int) -> Array:
    """The sum of each channel of a block, in double precision."""
    return _of_channels(columns.sums(block), positions)


def _dots(a: Array, b: Array, positions: int) -> Array:
    """Σ a b for each channel of two blocks, in double precision."""
    return _of_channels(columns.dots(a, b), positions)


def _of_channels(numbers: Array, positions: int) -> Array:
    """The sum over the positions of each channel."""
    return numbers.reshape(-1, positions).sum(axis=1)


def _against(numbers: Array, x: Array) -> Array:
    """One number for each channel, with axes to broadcast against x."""
    return numbers.reshape(1, -1, *(1,) * (x.ndim - 2))


def _flat(array: Array) -> Array:
    return None if array is None else array.reshape(-1)


def _like(array: Array, signal: Array) -> Array:
    """An error signal in the shape and the precision of its array."""
    return None if array is None else signal.reshape(array.shape).astype(array.dtype)
