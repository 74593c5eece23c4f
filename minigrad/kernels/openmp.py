"""OpenMP, the threads of compiled libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["sleeping_threads"]

_WAIT_POLICY = "OMP_WAIT_POLICY"


@contextmanager
def sleeping_threads() -> Iterator[None]:
    """The OpenMP of a library that is loaded within lets its threads sleep when they have nothing to do.

    By default they spin for some time after each call, and keep a core from BLAS's threads and from ours. A choice of
    the user holds.
    """
    chosen = os.environ.get(_WAIT_POLICY)
    os.environ[_WAIT_POLICY] = chosen or "passive"
    try:
        yield
    finally:
        if chosen is None:
            del os.environ[_WAIT_POLICY]
