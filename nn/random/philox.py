"""Philox4x32-10 in NumPy: a few random words for each of many counters, all at once.

NumPy's own Philox fills a long array faster, but to give each sample of a batch a single number takes it longer than
to compute all of them together.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["philox4x32"]

ROUNDS = 10
_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], np.uint64)
_KEY_STEPS = np.arange(ROUNDS, dtype=np.uint64)[:, None, None] * np.array([[0x9E3779B9], [0xBB67AE85]], np.uint64)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def philox4x32(counters: Any, key: Any) -> NDArray[np.uint64]:
    """The random words of 32 bits that belong to the counters.

    Arguments:
        counters: four words of 32 bits for each, (4, n), as uint64.
        key: two words of 32 bits.

    Returns:
        (4, n), as uint64.

    >>> [f"{int(word):08x}" for (word,) in philox4x32(np.zeros((4, 1)), [0, 0])]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    counters = np.asarray(counters).astype(np.uint64)
    keys = (np.asarray(key).astype(np.uint64).reshape(2, 1) + _KEY_STEPS) & _LOW
    a, b = counters[0::2].copy(), counters[1::2]  # a is multiplied in this round, b in the next
    product = np.empty_like(a)
    for key_of_round in keys:
        np.multiply(a, _MULTIPLIERS, out=product)
        np.right_shift(product, _HALF, out=a)
        a = a[::-1] ^ b
        a ^= key_of_round
        b = (product & _LOW)[::-1]
    words: NDArray[np.uint64] = np.empty_like(counters)
    words[0::2], words[1::2] = a, b
    return words
