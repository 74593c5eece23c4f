"""Random numbers for a batch, of which each sample has its own: they do not depend on the rest of its batch.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Its generator Philox
encrypts a counter: any number of a stream can be computed without those before it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.random.philox import philox4x32
from nn.random.seeds import key_of

__all__ = ["SampleGenerator"]

Size = int | tuple[int, ...]

FEW = 64  # words for each sample, up to which it is faster to compute those of all samples at once
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


class _Streams(threading.local):
    """A Philox generator for each thread; its state is set before each use, so that making it anew is not needed."""

    def __init__(self) -> None:
        self.bits = np.random.Philox(0)
        self.generator = np.random.Generator(self.bits)


_streams = _Streams()


class SampleGenerator:
    """Like ``numpy.random.Generator``, with a stream of numbers for each sample; a transform of a `DataLoader` gets it.

    The numbers of a sample are a function of the seed, the epoch, the purpose, the number of the sample, and the
    number of the draw. Other samples, the size of the batch, and the order have no part in them. What each method
    returns has the samples along its first axis.

    Arguments:
        seed: a whole number.
        epoch: likewise.
        samples: the numbers of the samples, for instance ``batch.samples``, (N,).
        purpose: any text; another one gives other numbers.

    >>> rng = SampleGenerator(seed=0, epoch=2, samples=[3, 8, 5], purpose="transform")
    >>> rng.uniform(-10, 10).round(2)
    array([-8.62,  4.8 ,  0.17])
    >>> again = SampleGenerator(seed=0, epoch=2, samples=[5], purpose="transform")
    >>> again.uniform(-10, 10).round(2)
    array([0.17])
    """

    def __init__(self, seed: int, epoch: int, samples: Any, purpose: str) -> None:
        self.seed, self.epoch, self.purpose = seed, epoch, purpose
        self.samples: NDArray[np.int64] = np.asarray(samples, dtype=np.int64)
        self._draws = 0
        self._key_words: NDArray[np.uint64] | None = None  # computed when it is needed: not every transform draws

    def __len__(self) -> int:
        return len(self.samples)

    def __repr__(self) -> str:
        return (
            f"SampleGenerator(seed={self.seed}, epoch={self.epoch}, purpose={self.purpose!r}) of "
            f"{len(self.samples)} samples"
        )

    def random(self, size: Size = (), dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Uniform numbers, 0 ≤ u < 1, of shape ``(N, *size)``, in float64 or float32."""
        dtype, shape = _floating(dtype), _shape(size)
        count = math.prod(shape)
        per_word = 8 // dtype.itemsize
        if count <= FEW * per_word:  # a function of the size alone, never of the batch: the numbers are others
            # As NumPy makes them of random bits: 53 for float64, 24 for float32.
            if dtype == np.float64:
                numbers = (self._few_words(count) >> np.uint64(11)) * 2.0**-53
            else:
                numbers = (self._few_halves(count) >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)
            return numbers.reshape(len(self.samples), *shape)
        numbers = np.empty((len(self.samples), count), dtype)
        generator = _streams.generator
        for row in self._each(numbers):
            generator.random(dtype=dtype, out=row)
        return numbers.reshape(len(self.samples), *shape)

    def at_least(self, p: float, size: Size = ()) -> NDArray[np.bool_]:
        """Whether uniform numbers are at least `p`, of shape ``(N, *size)``: ``False`` with probability `p`.

        Twice as fast as ``random(size) >= p``, for `Dropout`: whole numbers below 2³² are compared.
        """
        shape, limit = _shape(size), round(p * 2**32)
        count = math.prod(shape)
        if count <= FEW * 2:
            return (self._few_halves(count) >= limit).reshape(len(self.samples), *shape)
        chosen = np.empty((len(self.samples), count), np.bool_)
        bits = _streams.bits
        for row in self._each(chosen):
            np.greater_equal(bits.random_raw(-(-count // 2)).view(np.uint32)[:count], limit, out=row)
        return chosen.reshape(len(self.samples), *shape)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Size = ()) -> NDArray[Any]:
        """Uniform numbers, low ≤ u < high, of shape ``(N, *size)``."""
        numbers: NDArray[Any] = low + (high - low) * self.random(size)
        return numbers

    def standard_normal(self, size: Size = (), dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Normally distributed numbers with mean 0 and variance 1, of shape ``(N, *size)``, in float64 or float32."""
        dtype, shape = _floating(dtype), _shape(size)
        numbers = np.empty((len(self.samples), math.prod(shape)), dtype)
        generator = _streams.generator
        for row in self._each(numbers):
            generator.standard_normal(dtype=dtype, out=row)
        return numbers.reshape(len(self.samples), *shape)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Size = ()) -> NDArray[Any]:
        """Normally distributed numbers with mean `loc` and standard deviation `scale`, of shape ``(N, *size)``."""
        numbers: NDArray[Any] = loc + scale * self.standard_normal(size)
        return numbers

    def integers(self, low: int, high: int | None = None, size: Size = ()) -> NDArray[np.int64]:
        """Whole numbers, low ≤ k < high, of shape ``(N, *size)``; with one argument, 0 ≤ k < low."""
        low, high = (0, low) if high is None else (low, high)
        if not 0 < high - low <= 2**32:
            raise ValueError(f"integers: low is {low} and high {high}, expected low < high, and at most 2³² numbers")
        return low + (self.random(size) * (high - low)).astype(np.int64)

    def _few_halves(self, count: int) -> NDArray[np.uint32]:
        """As `_few_words`, but `count` words of 32 bits."""
        words = np.ascontiguousarray(self._few_words(-(-count // 2)), "<u8")
        return words.view("<u4")[:, :count]

    def _few_words(self, count: int) -> NDArray[np.uint64]:
        """`count` words of 64 bits for each sample, (N, count), computed for all samples at once.

        Each sample has as many counters of four words of 32 bits as it takes.
        """
        blocks = -(-count // 2)
        samples = self.samples.view(np.uint64)
        counters = np.empty((4, len(samples), blocks), np.uint64)
        counters[0], counters[1] = np.arange(blocks), self._draws
        counters[2], counters[3] = (samples & _LOW)[:, None], (samples >> _HALF)[:, None]
        self._draws += 1
        a, b, c, d = philox4x32(counters.reshape(4, -1), [self._key()[0] & _LOW, self._key()[0] >> _HALF])
        words = np.stack([a | b << _HALF, c | d << _HALF], axis=1)
        return words.reshape(len(samples), 2 * blocks)[:, :count]

    def _each(self, rows: NDArray[Any]) -> Iterator[NDArray[Any]]:
        """The rows for the samples; before each, this thread's generator is set to the stream of its sample."""
        # The counter has four words: the sample, the draw, and two for the numbers of one draw.
        counter = np.array([0, 0, self._draws, 0], np.uint64)
        self._draws += 1
        state: Any = {
            "bit_generator": "Philox",
            "state": {"counter": counter, "key": self._key()},
            "buffer": np.zeros(4, np.uint64),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        bits = _streams.bits
        for row, sample in zip(rows, self.samples.view(np.uint64), strict=True):
            counter[3] = sample
            bits.state = state
            yield row

    def _key(self) -> NDArray[np.uint64]:
        if self._key_words is None:
            key = key_of("samples", self.seed, self.epoch, self.purpose)
            self._key_words = np.frombuffer(key, "<u8", count=2).astype(np.uint64)
        return self._key_words


def _shape(size: Size) -> tuple[int, ...]:
    return tuple(size) if isinstance(size, tuple | list) else (size,)


def _floating(dtype: DTypeLike) -> np.dtype[Any]:
    found = np.dtype(dtype)
    if found not in (np.float64, np.float32):
        raise TypeError(f"SampleGenerator: dtype is {found}, expected float64 or float32")
    return found
