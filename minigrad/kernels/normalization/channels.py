"""Standardization of channels, whose means are taken over all samples and positions, block by block in the cache.

Memory is the bottleneck: computed formula by formula, an image batch would travel between memory and processor a dozen
times. A block of a few channels stays in the cache from its mean to its result, so that each array is read or written
once. A block is a matrix with a row for each sample, and numbers of a channel are repeated along it.

Means are single numbers for each channel, kept in double precision; what rounding them to the arrays' precision takes
away, δ, is put back where it is multiplied by single numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["affine", "fits", "gradients", "is_per_channel", "standardize"]

_BLOCK = 1 << 16  # elements that stay in the cache
_SHORTEST = 256  # elements in a row of a block: loops over shorter ones are slow
_SUMMED = 256  # rows that are summed in single precision
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
    y, (n, c, s) = np.empty(x.shape, x.dtype), _shape(x)
    weight, bias = _flat(weight), _flat(bias)
    mean, variance = np.empty(c), np.empty(c)

    def work(first: int, last: int) -> None:
        for channels, (source, target) in _blocks(first, last, x, y):
            near = (_sums(source, s) / (n * s)).astype(x.dtype)
            np.subtract(source, _along(near, s), out=target)
            delta = _sums(target, s) / (n * s)
            mean[channels] = near + delta
            variance[channels] = np.maximum(_dots(target, target, s) / (n * s) - delta**2, 0)
            scale = 1 / np.sqrt(variance[channels] + eps)
            if weight is not None:
                scale *= weight[channels]
            target *= _along(scale.astype(x.dtype), s)
            shift = -delta * scale if bias is None else bias[channels] - delta * scale
            target += _along(shift.astype(x.dtype), s)

    x = np.ascontiguousarray(x)
    in_pieces(work, c, x.size > _LARGE)
    return y, _against(mean, x), _against(variance, x)


def gradients(
    y_bar: Array, x: Array, weight: Array, bias: Array, *, eps: float, mean: Array, variance: Array, **_: Any
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: x̄ = γ/σ (ȳ − mean(ȳ) − x̂ mean(ȳ x̂)); β̄ = Σ ȳ, and γ̄ = Σ ȳ x̂."""
    x_bar, (n, c, s) = np.empty(x.shape, x.dtype), _shape(x)
    sums, products = np.empty(c), np.empty(c)
    mean, inverse = mean.reshape(c), 1 / np.sqrt(variance.reshape(c) + eps)
    near = mean.astype(x.dtype)
    delta, scale = mean - near, inverse if weight is None else inverse * weight.reshape(c)

    def work(first: int, last: int) -> None:
        for channels, (source, signal, target) in _blocks(first, last, x, y_bar, x_bar):
            np.subtract(source, _along(near[channels], s), out=target)
            sums[channels] = _sums(signal, s)
            products[channels] = (_dots(signal, target, s) - delta[channels] * sums[channels]) * inverse[channels]
            along = products[channels] * inverse[channels] / (n * s)
            target *= _along((-along).astype(x.dtype), s)
            target += signal
            shift = along * delta[channels] - sums[channels] / (n * s)
            target += _along(shift.astype(x.dtype), s)
            target *= _along(scale[channels].astype(x.dtype), s)

    x, y_bar = np.ascontiguousarray(x), np.ascontiguousarray(y_bar)
    in_pieces(work, c, x.size > _LARGE)
    return x_bar, _like(weight, products), _like(bias, sums)


def affine(x: Array, mean: Array, scale: Array, bias: Array) -> Array:
    """(x − mean) scale + bias, with one number for each channel; the last one may be ``None``."""
    y, (_, c, s) = np.empty(x.shape, x.dtype), _shape(x)
    mean, scale, bias = map(_flat, (mean, scale, bias))

    def work(first: int, last: int) -> None:
        for channels, (source, target) in _blocks(first, last, x, y):
            np.subtract(source, _along(mean[channels], s), out=target)
            target *= _along(scale[channels], s)
            if bias is not None:
                target += _along(bias[channels], s)

    x = np.ascontiguousarray(x)
    in_pieces(work, c, x.size > _LARGE)
    return y


# ---------------------------------------------------------------- blocks
def _blocks(first: int, last: int, *arrays: Array) -> Iterator[tuple[slice, list[Array]]]:
    """The channels from `first` to `last`, a few at a time, and views of them with a row for each sample."""
    n, c, s = _shape(arrays[0])
    matrices = [array.reshape(n, c * s) for array in arrays]
    step = max(1, _BLOCK // (n * s), _SHORTEST // s)
    for start in range(first, last, step):
        stop = min(start + step, last)
        yield slice(start, stop), [matrix[:, start * s : stop * s] for matrix in matrices]


def _shape(x: Array) -> tuple[int, int, int]:
    """The numbers of samples, channels and positions."""
    return x.shape[0], x.shape[1], prod(x.shape[2:])


def _along(numbers: Array, positions: int) -> Array:
    """The number of each channel, repeated along its positions."""
    return numbers if positions == 1 else np.repeat(numbers, positions)


def _sums(block: Array, positions: int) -> Array:
    """The sum of each channel, in double precision."""
    return _of_channels((np.ones(len(rows), rows.dtype) @ rows for (rows,) in _parts(block)), positions)


def _dots(a: Array, b: Array, positions: int) -> Array:
    """Σ a b for each channel, in double precision."""
    return _of_channels((np.einsum("nw,nw->w", *parts) for parts in _parts(a, b)), positions)


def _parts(*blocks: Array) -> Iterator[tuple[Array, ...]]:
    """As many rows of each as may be summed in their own precision."""
    for start in range(0, len(blocks[0]), _SUMMED):
        yield tuple(block[start : start + _SUMMED] for block in blocks)


def _of_channels(columns: Iterable[Array], positions: int) -> Array:
    """The sums of the positions of each channel, from the sums of several parts."""
    return sum(part.reshape(-1, positions).sum(axis=1, dtype=np.float64) for part in columns)


def _against(numbers: Array, x: Array) -> Array:
    """One number for each channel, with axes to broadcast against x."""
    return numbers.reshape(1, -1, *(1,) * (x.ndim - 2))


def _flat(array: Array) -> Array:
    return None if array is None else array.reshape(-1)


def _like(array: Array, signal: Array) -> Array:
    """An error signal in the shape and the precision of its array."""
    return None if array is None else signal.reshape(array.shape).astype(array.dtype)
