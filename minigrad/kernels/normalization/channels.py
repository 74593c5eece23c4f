"""Standardization of channels, whose means are taken over all samples and positions.

A first pass finds the sums, and a second the result. Means that are far from 0 are subtracted first, which keeps the
digits of numbers that are large and close together; δ is what rounding them to the arrays' precision takes away. Others
need no differences: there δ is the mean itself.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from minigrad.kernels.normalization import onednn
from minigrad.kernels.normalization.blocks import LARGE
from minigrad.kernels.normalization.channel_sums import SHORTEST, are_compiled, as_rows, dots_and_sums, totals
from minigrad.kernels.normalization.fused import Step, fill
from minigrad.kernels.onednn_computation import threads_for
from minigrad.kernels.spatial.channels_last import as_channels_last, is_channels_last
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["affine", "fits", "gradients", "is_per_channel", "standardize"]

_FAR = 1.0  # standard deviations, squared
_SUMMED = 1 << 13  # samples at most, for oneDNN
_LANES = 16  # numbers in a vector register: for oneDNN, channels are a multiple of it


def fits(x: Array, weight: Array, axis: tuple[int, ...], centered: bool) -> bool:
    """Whether the mean is taken over samples and positions of (N, C, *size), with one γ and β for each channel."""
    over_positions = centered and x.ndim > 1 and axis == (0, *range(2, x.ndim))
    return over_positions and (weight is None or is_per_channel(weight, x))


def is_per_channel(array: Array, x: Array) -> bool:
    """Whether it has one number for each channel of (N, C, *size), with axes to broadcast against it."""
    return x.ndim > 1 and tuple(array.shape) == (x.shape[1], *(1,) * (x.ndim - 2))


def standardize(x: Array, weight: Array, bias: Array, *, eps: float, **_: Any) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance of each channel, which broadcast against x."""
    if x.ndim > 2 and is_channels_last(x):
        y, mean, variance = standardize(_pixels(x), weight, bias, eps=eps)
        return _images(y, x), _against(mean, x), _against(variance, x)
    x, y, near = np.ascontiguousarray(x), np.empty(x.shape, x.dtype), None
    if _onednn_takes(x):
        mean, square = np.empty((2, x.shape[1]), x.dtype)
        onednn.standardize_columns(x, _filled(weight, 1, mean), _filled(bias, 0, mean), eps, y, mean, square)
        if not _is_far(mean, square):
            return y, _against(mean, x), _against(square, x)
    delta, variance = _moments(x, y, near)
    if _is_far(delta, variance):
        near = delta.astype(x.dtype)
        delta, variance = _moments(x, y, near)
    scale = 1 / np.sqrt(variance + eps)
    if weight is not None:
        scale *= weight.reshape(-1)
    shift = -delta * scale if bias is None else bias.reshape(-1) - delta * scale
    steps = (*_less(near, x), (np.multiply, _along(scale, x)), (np.add, _along(shift, x)))
    _fill(y, x, *steps)
    return y, _against(delta if near is None else near + delta, x), _against(variance, x)


def gradients(
    y_bar: Array, x: Array, weight: Array, bias: Array, *, eps: float, mean: Array, variance: Array, **_: Any
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: x̄ = γ/σ (ȳ − mean(ȳ) − x̂ mean(ȳ x̂)); β̄ = Σ ȳ, and γ̄ = Σ ȳ x̂."""
    if x.ndim > 2 and is_channels_last(x):
        signals, statistics = _pixels(as_channels_last(y_bar)), {"mean": mean, "variance": variance}
        x_bar, weight_bar, bias_bar = gradients(signals, _pixels(x), weight, bias, eps=eps, **statistics)
        return _images(x_bar, x), weight_bar, bias_bar
    x, y_bar, x_bar = np.ascontiguousarray(x), np.ascontiguousarray(y_bar), np.empty(x.shape, x.dtype)
    mean, variance = mean.reshape(-1), variance.reshape(-1)
    if _onednn_takes(x) and not _is_far(mean, variance):
        near, square = (a.astype(x.dtype, copy=False) for a in (mean, variance))
        bars = np.empty((2, len(mean)), x.dtype)
        onednn.column_gradients(y_bar, x, x_bar, _filled(weight, 1, mean), eps, near, square, bars)
        return x_bar, _like(weight, bars[0]), _like(bias, bars[1])
    near = mean.astype(x.dtype) if _is_far(mean, variance) else None
    delta, count = mean if near is None else mean - near, x.size // len(mean)
    less = _less(near, x)

    def sums_of(source: Array, signal: Array, target: Array, threads: int) -> Array:
        return dots_and_sums(signal, _less_near(target, source, *less, threads=threads), len(mean), threads)

    products, sums = totals(sums_of, x, y_bar, x_bar)
    inverse = 1 / np.sqrt(variance + eps)
    products = (products - delta * sums) * inverse
    along = products * inverse / count
    numbers = (-along, along * delta - sums / count, inverse if weight is None else inverse * weight.reshape(-1))
    along, shift, scale = (_along(a, x) for a in numbers)
    _fill(x_bar, x, *less, (np.multiply, along), (np.add, y_bar), (np.add, shift), (np.multiply, scale))
    return x_bar, _like(weight, products), _like(bias, sums)


def affine(x: Array, mean: Array, scale: Array, bias: Array) -> Array:
    """(x − mean) scale + bias, with one number for each channel; the last one may be ``None``."""
    if x.ndim > 2 and is_channels_last(x):
        return _images(affine(_pixels(x), mean, scale, bias), x)
    x, y = np.ascontiguousarray(x), np.empty(x.shape, x.dtype)
    given: list[Step] = [(np.subtract, mean), (np.multiply, scale)] + ([] if bias is None else [(np.add, bias)])
    steps = [(do, _along(numbers.reshape(-1), x)) for do, numbers in given]
    _fill(y, x, *steps)
    return y


def _moments(x: Array, memory: Array, near: Array) -> tuple[Array, Array]:
    """The mean of the differences from `near`, or from 0, and the variance of each channel."""
    less = _less(near, x)

    def sums_of(source: Array, target: Array, threads: int) -> Array:
        source = _less_near(target, source, *less, threads=threads)
        return dots_and_sums(source, source, x.shape[1], threads)

    square, delta = totals(sums_of, x, memory) / (x.size // x.shape[1])
    return delta, np.maximum(square - delta**2, 0)


def _onednn_takes(x: Array) -> bool:
    """Whether these are vectors for oneDNN's batch normalization, whose sums of more samples would lose digits."""
    vectors = x.ndim == 2 and x.shape[1] % _LANES == 0 and len(x) <= _SUMMED
    return vectors and onednn.can_take(x)


def _filled(array: Array, value: float, like: Array) -> Array:
    """One number for each channel: `value` if there is no array."""
    if array is None:
        return np.full(like.shape, value, np.float32)
    return np.ascontiguousarray(array.reshape(-1))


def _is_far(mean: Array, variance: Array) -> bool:
    """Whether squares around 0 would lose digits of the variance."""
    return bool(np.any(mean**2 > _FAR * variance))


def _less(near: Array, x: Array) -> tuple[Step, ...]:
    return () if near is None else ((np.subtract, _along(near, x)),)


def _less_near(target: Array, source: Array, *steps: Step, threads: int) -> Array:
    """`source` after these steps, if there are any, in the memory of `target`."""
    if not steps:
        return source
    fill(target, source, *steps, threads=threads)
    return target


# ---------------------------------------------------------------- pieces
def _fill(target: Array, source: Array, *steps: Step) -> None:
    """`fill` in oneDNN's threads, or, if the arrays are large and NumPy finds their sums, in ours."""
    rows, result = as_rows(source), as_rows(target)
    along = [(do, as_rows(a) if a.shape == source.shape else a) for do, a in steps]
    if source.size <= LARGE or are_compiled(rows):
        fill(result, rows, *along, threads=threads_for(source))
        return

    def work(first: int, last: int) -> None:
        of_piece = ((do, a[first:last] if a.shape == rows.shape else a) for do, a in along)
        fill(result[first:last], rows[first:last], *of_piece)

    in_pieces(work, len(source))


def _along(numbers: Array, x: Array) -> Array:
    """The number of each channel, repeated along its positions where these are few."""
    s = prod(x.shape[2:])
    numbers = numbers.astype(x.dtype, copy=False)
    return numbers if s == 1 or s >= SHORTEST else np.repeat(numbers, s)


def _pixels(x: Array) -> Array:
    """Images whose channels lie next to each other as vectors of channels."""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def _images(pixels: Array, like: Array) -> Array:
    """The same as images again."""
    return np.moveaxis(pixels.reshape(len(like), *like.shape[2:], -1), -1, 1)


def _against(numbers: Array, x: Array) -> Array:
    """One number for each channel, with axes to broadcast against x."""
    return numbers.reshape(1, -1, *(1,) * (x.ndim - 2))


def _like(array: Array, signal: Array) -> Array:
    """An error signal in the shape and the precision of its array."""
    return None if array is None else signal.reshape(array.shape).astype(array.dtype)
