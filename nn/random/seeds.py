"""Seeds as whole numbers, and generators that are a function of a seed, an epoch and a purpose.

A generator that is advanced from epoch to epoch has to be saved with every checkpoint, and an epoch cannot be repeated
from its middle. A function of (seed, epoch, purpose) needs no state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Seed", "epoch_generator", "key_of", "seed_of"]

#: What ``numpy.random.default_rng`` takes.
Seed: TypeAlias = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None


def seed_of(rng: Any) -> int:
    """A seed, as a whole number, for anything that ``numpy.random.default_rng`` takes.

    Arguments:
        rng: a whole number of at least 0 is its own seed. ``None`` gives a new one each time, from the operating
            system. A generator draws one number, once. A sequence of whole numbers and a `SeedSequence` always give
            the same seed.

    Raises:
        TypeError: if it is something else.
        ValueError: if it is negative.

    >>> seed_of(7), seed_of(np.random.default_rng(0)) == seed_of(np.random.default_rng(0))
    (7, True)
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        if rng < 0:
            raise ValueError(f"rng: the seed is {rng}, expected a whole number of at least 0")
        return int(rng)
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise TypeError(
            f"rng: got {rng!r}, expected a seed, a whole number of at least 0, or a generator: np.random.default_rng(0)"
        ) from None


def epoch_generator(seed: int, epoch: int, purpose: str) -> np.random.Generator:
    """The generator for one purpose in one epoch, such as the order of the samples; a new one in each call.

    >>> epoch_generator(0, epoch=3, purpose="order").permutation(5)
    array([3, 2, 1, 4, 0])
    """
    return np.random.default_rng(int.from_bytes(key_of("epoch", seed, epoch, purpose), "little"))


def key_of(kind: str, seed: int, epoch: int, purpose: str) -> bytes:
    """32 bytes that tell all of these apart: a hash, as `SeedSequence` takes (1, 0) for (1,)."""
    return hashlib.sha256(f"{kind} {seed} {epoch} {purpose}".encode(errors="surrogatepass")).digest()
