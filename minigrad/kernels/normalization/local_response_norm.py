"""Local response normalization: x divided by a power of the mean square of neighbouring channels.

Everything is computed some samples at a time, whose channels stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.complex import require_real
from minigrad.kernels.threads import in_pieces
from minigrad.recorder import recordable
from minigrad.typing import Array

__all__ = ["channel_sums", "damping", "input_gradient", "local_response_norm"]

_BLOCK = 1 << 16  # elements: small enough for the cache


def channel_sums(x: Array, *, before: int, after: int) -> Array:
    """For each channel the sum over it, as many channels `before` it, and as many `after` it."""
    y = np.empty_like(x)
    _by_samples(lambda x, y: _fill_sums(x, y, before, after), x, y)
    return y


def damping(x: Array, *, alpha: float, k: float, before: int, after: int) -> Array:
    """d = k + α Σ x² over a window of channels; in half precision it is a single one."""
    require_real(x)
    d = np.empty_like(x, dtype=np.result_type(x, np.float32))
    _by_samples(lambda x, d: _fill_damping(x, d, alpha, k, before, after), x, d)
    return d


def local_response_norm(x: Array, *, size: int, alpha: float, beta: float, k: float) -> tuple[Array, Array]:
    """x / dᵝ and d = k + α/n Σ x², over n = `size` channels around each; in half precision d is a single one.

    Raises:
        TypeError: for complex numbers.
    """
    require_real(x)
    y = np.empty_like(x, dtype=np.result_type(x, np.float16))
    d = np.empty_like(x, dtype=np.result_type(x, np.float32))

    def fill(x: Array, y: Array, d: Array) -> None:
        _fill_damping(x, d, alpha / size, k, *window(size))
        y[...] = x * _power(d, beta)

    _by_samples(fill, x, y, d)
    return y, d


@recordable
def input_gradient(
    y_bar: Array, y: Array, x: Array, *, size: int, alpha: float, beta: float, denominator: Array
) -> Array:
    """x̄ = ȳ / dᵝ − 2αβ/n x Σ (ȳ y / d), over the channels whose windows contain that of x."""
    x_bar = np.empty_like(x)
    before, after = window(size)
    factor = denominator.dtype.type(-2 * alpha * beta / size)

    def fill(y_bar: Array, y: Array, x: Array, d: Array, x_bar: Array) -> None:
        share = np.multiply(y_bar, y, dtype=d.dtype)
        share /= d
        sums = np.empty_like(share)
        _fill_sums(share, sums, after, before)
        sums *= x
        sums *= factor
        np.multiply(y_bar, _power(d, beta), out=share)
        share += sums
        x_bar[...] = share

    _by_samples(fill, y_bar, y, x, denominator, x_bar)
    return x_bar


def window(size: int) -> tuple[int, int]:
    """How many channels before and after its own a window of this size has."""
    return size // 2, (size - 1) // 2


def _power(d: Array, beta: float) -> Array:
    """d^−β; for the customary ¾ by roots, which take a tenth of the time."""
    if beta == 0.75:
        return 1 / np.sqrt(d * np.sqrt(d))
    return d ** d.dtype.type(-beta)


def _fill_sums(x: Array, y: Array, before: int, after: int) -> None:
    """Sums over channels, on axis 1."""
    y[...] = x
    for shift in range(1, min(max(before, after), x.shape[1] - 1) + 1):
        if shift <= before:
            y[:, shift:] += x[:, :-shift]
        if shift <= after:
            y[:, :-shift] += x[:, shift:]


def _fill_damping(x: Array, d: Array, alpha: float, k: float, before: int, after: int) -> None:
    _fill_sums(np.multiply(x, x, dtype=d.dtype), d, before, after)
    d *= d.dtype.type(alpha)
    d += d.dtype.type(k)


def _by_samples(fill: Callable[..., Any], *arrays: Array) -> None:
    """Call `fill` with the same few samples of each array at a time, in several threads if there are many."""
    if device_of(arrays[0]) != "cpu":
        fill(*arrays)
        return
    n, size = len(arrays[0]), arrays[0].size
    step = max(1, _BLOCK * n // (size or 1))

    def work(start: int, stop: int) -> None:
        for first in range(start, stop, step):
            fill(*(array[first : min(first + step, stop)] for array in arrays))

    in_pieces(work, n, size > 4 * _BLOCK)  # with fewer, a second thread costs what it saves
