"""Standardization of channels, whose means are taken over all samples and positions, with few passes through memory.

Memory is the bottleneck: computed formula by formula, each with an array of its own, an image batch would travel
between memory and processor a dozen times. Here a block of samples stays in the cache while it is centred and its
squares are summed, and all else is written over the result. A block has whole samples, one after the other in memory:
those of a few channels would be rows far apart, which push each other out of the cache where their distance is a power
of two.

Means are single numbers for each channel, kept in double precision; what rounding them to the arrays' precision takes
away, δ, is put back where it is multiplied by single numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["affine", "fits", "gradients", "is_per_channel", "standardize"]

_BLOCK = 1 << 18  # elements that stay in the cache
_SHORTEST = 32  # positions: loops over fewer are slow
_SUMMED = 1024  # samples that are summed in single precision
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
    y, count = np.empty(x.shape, x.dtype), x.size // x.shape[1]
    source, target = _flat(x), _flat(y)
    near = (sum(_in_blocks(_sums, source)) / count).astype(x.dtype)
    subtrahend = _along(near, x)

    def center(source: Array, target: Array) -> Array:
        np.subtract(source, subtrahend, out=target)
        return np.stack([_sums(target), _dots(target, target)])

    delta, squares = sum(_in_blocks(center, source, target)) / count
    mean, variance = near + delta, np.maximum(squares - delta**2, 0)
    scale = 1 / np.sqrt(variance + eps)
    if weight is not None:
        scale *= weight.reshape(-1)
    shift = -delta * scale if bias is None else bias.reshape(-1) - delta * scale
    factor, summand = _along(scale, x), _along(shift, x)

    def finish(target: Array) -> None:
        target *= factor
        target += summand

    _in_blocks(finish, target)
    return y, _against(mean, x), _against(variance, x)


def gradients(
    y_bar: Array, x: Array, weight: Array, bias: Array, *, eps: float, mean: Array, variance: Array, **_: Any
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: x̄ = γ/σ (ȳ − mean(ȳ) − x̂ mean(ȳ x̂)); β̄ = Σ ȳ, and γ̄ = Σ ȳ x̂."""
    x_bar, count = np.empty(x.shape, x.dtype), x.size // x.shape[1]
    source, signal, target = _flat(x), _flat(y_bar), _flat(x_bar)
    mean, inverse = mean.reshape(-1), 1 / np.sqrt(variance.reshape(-1) + eps)
    near = mean.astype(x.dtype)
    delta, subtrahend = mean - near, _along(near, x)

    def center(source: Array, signal: Array, target: Array) -> Array:
        np.subtract(source, subtrahend, out=target)
        return np.stack([_sums(signal), _dots(signal, target)])

    sums, products = sum(_in_blocks(center, source, signal, target))
    products = (products - delta * sums) * inverse
    along = products * inverse / count
    share, summand = _along(-along, x), _along(along * delta - sums / count, x)
    factor = _along(inverse if weight is None else inverse * weight.reshape(-1), x)

    def finish(signal: Array, target: Array) -> None:
        target *= share
        target += signal
        target += summand
        target *= factor

    _in_blocks(finish, signal, target)
    return x_bar, _like(weight, products), _like(bias, sums)


def affine(x: Array, mean: Array, scale: Array, bias: Array) -> Array:
    """(x − mean) scale + bias, with one number for each channel; the last one may be ``None``."""
    y = np.empty(x.shape, x.dtype)
    subtrahend, factor = _along(mean.reshape(-1), x), _along(scale.reshape(-1), x)
    summand = None if bias is None else _along(bias.reshape(-1), x)

    def work(source: Array, target: Array) -> None:
        np.subtract(source, subtrahend, out=target)
        target *= factor
        if summand is not None:
            target += summand

    _in_blocks(work, _flat(x), _flat(y))
    return y


def _in_blocks(work: Callable[..., Any], *arrays: Array) -> list[Any]:
    """The results of `work` for some samples of each array at a time, in several threads if there are many."""
    n, size = len(arrays[0]), arrays[0].size
    step = min(max(1, _BLOCK * n // size), _SUMMED)

    def piece(first: int, last: int) -> list[Any]:
        starts = range(first, last, step)
        return [work(*(array[start : min(start + step, last)] for array in arrays)) for start in starts]

    return [result for results in in_pieces(piece, n, size > _LARGE) for result in results]


def _flat(x: Array) -> Array:
    """(N, C, *size) as (N, C, positions), without gaps in memory."""
    return np.ascontiguousarray(x).reshape(x.shape[0], x.shape[1], prod(x.shape[2:]))


def _along(numbers: Array, x: Array) -> Array:
    """The number of each channel, to broadcast against (N, C, positions); repeated if there are few positions."""
    numbers, positions = numbers.astype(x.dtype)[:, None], prod(x.shape[2:])
    return numbers if positions >= _SHORTEST else np.repeat(numbers, positions, axis=1)


def _sums(block: Array) -> Array:
    """The sum of each channel, in double precision."""
    return _of_channels(block, "ncs->nc", "ncs->cs", block)


def _dots(a: Array, b: Array) -> Array:
    """Σ a b for each channel, in double precision."""
    return _of_channels(a, "ncs,ncs->nc", "ncs,ncs->cs", a, b)


def _of_channels(block: Array, over_positions: str, over_samples: str, *factors: Array) -> Array:
    """Sums over positions and samples: over the longer axis first, in the arrays' precision."""
    if block.shape[2] >= _SHORTEST:
        return np.einsum(over_positions, *factors).sum(axis=0, dtype=np.float64)
    return np.einsum(over_samples, *factors).sum(axis=1, dtype=np.float64)


def _against(numbers: Array, x: Array) -> Array:
    """One number for each channel, with axes to broadcast against x."""
    return numbers.reshape(1, -1, *(1,) * (x.ndim - 2))


def _like(array: Array, signal: Array) -> Array:
    """An error signal in the shape and the precision of its array."""
    return None if array is None else signal.reshape(array.shape).astype(array.dtype)
