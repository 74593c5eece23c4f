"""Two hands for a batch: pieces of it at the same time, each in a thread of its own.

NumPy lets other Python threads run while it copies or multiplies, so pieces of a batch can be worked on side by
side. The matrix products within must then not bring threads of their own: two BLAS calls at once would wait for
each other's, and OpenBLAS's threads keep a core busy for some time after each product, waiting for the next, which
slows down whoever else computes in threads. threadpoolctl tells how many threads BLAS is allowed, and holds it at
one meanwhile; without that library there is one piece, and the threads are those of BLAS. So
``OPENBLAS_NUM_THREADS`` and ``threadpoolctl.threadpool_limits`` rule over both.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import copy_context
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

_busy = Lock()


def in_pieces(work: Callable[[int, int], Any], n: int, worth: bool = True) -> list[Any]:
    """``work(start, stop)`` for every piece of `n` samples, in their order, which depends on nothing that varies.

    There is one piece where it is not `worth` the hand-over to another thread (some 20 µs). If other pieces are
    being worked on at this moment, by another thread of the user's, these follow one another.
    """
    blas = _blas()
    threads = blas.get_num_threads() if blas is not None else 1
    if threads == 1 or n == 0:
        return [work(0, n)]
    pieces = min(n, threads) if worth else 1
    bounds = list(pairwise(n * i // pieces for i in range(pieces + 1)))
    if not _busy.acquire(blocking=False):
        return [work(*piece) for piece in bounds]
    try:
        blas.set_num_threads(1)
        others = [_workers(threads).submit(copy_context().run, work, *piece) for piece in bounds[1:]]
        try:
            first = work(*bounds[0])
        finally:  # nothing may still be writing when an error or Ctrl+C leaves this function
            for other in others:
                other.exception()
        return [first, *(other.result() for other in others)]
    finally:
        blas.set_num_threads(threads)
        _busy.release()


@lru_cache(maxsize=1)
def _blas() -> Any:
    """NumPy's BLAS, if threadpoolctl is here and knows it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    found = ThreadpoolController().select(user_api="blas").lib_controllers
    return next((library for library in found if "numpy" in library.filepath), found[0] if found else None)


@lru_cache(maxsize=1)
def _workers(threads: int) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(threads - 1, "minigrad")


def _after_fork() -> None:
    """A forked process has no threads but the one that forked: its workers are to be made anew."""
    global _busy
    _busy = Lock()
    _workers.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
