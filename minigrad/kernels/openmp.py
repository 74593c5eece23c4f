"""OpenMP, the threads of compiled libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["soon_sleeping_threads"]

_SPINS = "GOMP_SPINCOUNT"
_CHOICES = (_SPINS, "OMP_WAIT_POLICY")
_FEW = "10000"  # some 0.3 ms: from one call of a layer to the next


@contextmanager
def soon_sleeping_threads() -> Iterator[None]:
    """The OpenMP of a library that is loaded within lets its threads sleep soon after they have nothing to do.

    By default they spin for milliseconds after each call, and keep a core from BLAS's threads and from ours. But to
    wake them takes as long as a small layer, so they wait for the next call of the same layer. A choice of the user
    holds.
    """
    chosen = any(name in os.environ for name in _CHOICES)
    if not chosen:
        os.environ[_SPINS] = _FEW
    try:
        yield
    finally:
        if not chosen:
            del os.environ[_SPINS]
