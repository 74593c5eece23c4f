"""Standardization of the channels of vectors (N, C), some samples at a time.

In blocks of channels, as in `channels`, rows would be too short. A block of samples is one piece of memory; the numbers
of the channels are repeated for each of its samples, because NumPy's loops over arrays of the same shape are the
fastest. A first pass finds the sums, and a second the result.

Means that are far from 0 are subtracted first, which keeps the digits of numbers that are large and close together; δ
is what rounding them to the arrays' precision takes away. Others need no differences: there δ is the mean itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.kernels.normalization import columns
from minigrad.kernels.threads import in_pieces
from minigrad.typing import Array

__all__ = ["affine", "fits", "gradients", "standardize"]

_BLOCK = 1 << 17  # elements: small enough for the cache, and large enough for Python's share of the time to be small
_WIDEST = 1 << 13  # channels
_FAR = 1.0  # standard deviations, squared
_LARGE = 1 << 20  # elements: with fewer, a second thread costs what it saves


def fits(x: Array) -> bool:
    """Whether they are vectors, enough to fill half a block."""
    return bool(x.ndim == 2 and x.shape[1] <= _WIDEST and x.size >= _BLOCK // 2)


def standardize(x: Array, weight: Array, bias: Array, eps: float) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance of each channel."""
    near, y = None, np.empty_like(x)
    delta, variance = _moments(x)
    if _is_far(delta, variance):
        near = delta.astype(x.dtype)
        delta, variance = _moments(x, near)
    scale = 1 / np.sqrt(variance + eps)
    if weight is not None:
        scale *= weight
    shift = -delta * scale if bias is None else bias - delta * scale

    def fill(source: Array, target: Array, scale: Array, shift: Array, *near: Array) -> None:
        np.multiply(_difference(source, target, *near), scale, out=target)
        target += shift

    _in_blocks(fill, (x, y), scale, shift, near)
    return y, delta if near is None else near + delta, variance


def gradients(
    y_bar: Array, x: Array, weight: Array, mean: Array, variance: Array, eps: float
) -> tuple[Array, Array, Array]:
    """x̄, and the sums Σ ȳ x̂ and Σ ȳ of each channel."""
    x_bar, count = np.empty_like(x), len(x)
    near = mean.astype(x.dtype) if _is_far(mean, variance) else None
    delta = mean if near is None else mean - near

    def sums_of(source: Array, signal: Array, target: Array, *near: Array) -> tuple[Array, Array]:
        return columns.sums(signal), columns.dots(signal, _difference(source, target, *near))

    sums, products = np.sum(_in_blocks(sums_of, (x, y_bar, x_bar), near), axis=0)
    inverse = 1 / np.sqrt(variance + eps)
    products = (products - delta * sums) * inverse
    along = products * inverse / count
    shift = along * delta - sums / count

    def fill(source: Array, signal: Array, target: Array, *numbers: Array) -> None:
        along, shift, scale, *near = numbers
        np.multiply(_difference(source, target, *near), along, out=target)
        target += signal
        target += shift
        target *= scale

    _in_blocks(fill, (x, y_bar, x_bar), -along, shift, inverse if weight is None else inverse * weight, near)
    return x_bar, products, sums


def affine(x: Array, mean: Array, scale: Array, bias: Array) -> Array:
    """(x − mean) scale + bias, with one number for each channel; the last one may be ``None``."""
    y = np.empty_like(x)

    def fill(source: Array, target: Array, mean: Array, scale: Array, *bias: Array) -> None:
        np.subtract(source, mean, out=target)
        target *= scale
        for numbers in bias:
            target += numbers

    _in_blocks(fill, (x, y), mean, scale, bias)
    return y


def _is_far(mean: Array, variance: Array) -> bool:
    """Whether squares around 0 would lose digits of the variance."""
    return bool(np.any(mean**2 > _FAR * variance))


def _moments(x: Array, near: Array = None) -> tuple[Array, Array]:
    """The mean of the differences from `near`, or from 0, and the variance of each channel."""

    def sums_of(source: Array, *near: Array) -> tuple[Array, Array]:
        source = _difference(source, None, *near)
        return columns.sums(source), columns.dots(source, source)

    delta, square = np.sum(_in_blocks(sums_of, (x,), near), axis=0) / len(x)
    return delta, np.maximum(square - delta**2, 0)


# ---------------------------------------------------------------- blocks
def _in_blocks(work: Callable[..., Any], arrays: tuple[Array, ...], *numbers: Array) -> list[Any]:
    """The results of `work` for each block of `arrays`, with the numbers of each channel in the shape of the block."""
    n, c = arrays[0].shape
    step = min(n, _BLOCK // c)
    repeated = [np.tile(a.astype(arrays[0].dtype), (step, 1)) for a in numbers if a is not None]
    results: list[Any] = [None] * -(-n // step)

    def piece(first: int, last: int) -> None:
        for i in range(first, last):
            block = [a[i * step : (i + 1) * step] for a in arrays]
            results[i] = work(*block, *(a[: len(block[0])] for a in repeated))

    in_pieces(piece, len(results), arrays[0].size > _LARGE)
    return results


def _difference(source: Array, target: Array, *near: Array) -> Array:
    """`source`, or if there are numbers near its means, differences from these, in the memory of `target`."""
    return np.subtract(source, near[0], out=target) if near else source
