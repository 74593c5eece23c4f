"""Two hands for a batch: pieces of it at the same time, each in a thread of its own.

NumPy lets other Python threads run while it copies or multiplies, so pieces of a batch can be worked on side by
side. The matrix products within must then not bring threads of their own: two BLAS calls at once would wait for
each other's, and OpenBLAS's threads keep a core busy for some time after each product, waiting for the next, which
slows down whoever else computes in threads. threadpoolctl tells how many threads BLAS is allowed, and holds it at
one meanwhile; without that library there is one piece, and the threads are those of BLAS. So
``OPENBLAS_NUM_THREADS`` and ``threadpoolctl.threadpool_limits`` rule over both.

The setting of BLAS belongs to the whole process: what another thread multiplies meanwhile has one thread too.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from functools import lru_cache
from itertools import pairwise
from threading import RLock
from typing import Any

_gate = RLock()  # for a moment, around each look at the two numbers
_inside = 0  # calls of in_pieces that are going on
_found = 1  # how many threads BLAS was allowed before the first of them came, and will be after the last


def allowed() -> int | None:
    """How many threads the user lets BLAS have, if threadpoolctl is here to tell."""
    blas = _blas()
    if blas is None:
        return None
    with _gate:
        return _found if _inside else blas.get_num_threads() or 1


def in_pieces(work: Callable[[int, int], Any], n: int, worth: bool = True) -> list[Any]:
    """``work(start, stop)`` for every piece of `n` samples, in their order; each product within has one thread.

    How many pieces there are depends on the threads that BLAS is allowed, and on nothing that varies: there is one
    where it is not `worth` the hand-over to another thread (some 20 µs). If other pieces are being worked on at this
    moment, for another thread of the user's, these follow one another. A single sample that is worth it is BLAS's.
    """
    blas = _blas()
    if blas is None or n == 0 or (n == 1 and worth):
        return [work(0, n)]
    threads, first = _enter(blas)
    try:
        pieces = min(n, threads) if worth else 1
        bounds = list(pairwise(n * i // pieces for i in range(pieces + 1)))
        if first and pieces > 1:
            return _side_by_side(work, bounds, threads)
        return [work(*piece) for piece in bounds]
    finally:
        _leave(blas)


def _enter(blas: Any) -> tuple[int, bool]:
    """How many threads BLAS had been allowed, and whether nobody else is inside."""
    global _inside, _found
    with _gate:
        _inside += 1
        if _inside == 1:
            _found = blas.get_num_threads() or 1
            if _found > 1:
                blas.set_num_threads(1)
        return _found, _inside == 1


def _leave(blas: Any) -> None:
    global _inside
    with _gate:
        _inside -= 1
        if _inside == 0 and _found > 1:
            blas.set_num_threads(_found)


def _side_by_side(work: Callable[[int, int], Any], bounds: list[tuple[int, int]], threads: int) -> list[Any]:
    """Every hand takes the next piece until none is left, so that nobody waits for a thread that starts late."""
    results: list[Any] = [None] * len(bounds)
    left = deque(enumerate(bounds))

    def hand() -> None:
        while left:
            try:
                i, piece = left.popleft()
            except IndexError:  # another one was faster
                return
            results[i] = work(*piece)

    others: list[Any] = []
    try:
        for _ in bounds[1:]:
            others.append(_workers(threads - 1).submit(copy_context().run, hand))
    except RuntimeError:  # Python is ending, or the system gives no thread: then with the hands that there are
        pass
    try:
        hand()
    finally:
        left.clear()
        try:
            _wait(others)
        finally:  # after Ctrl+C too, nothing may still be writing
            _wait(others)
    for other in others:
        if not other.cancelled():
            other.result()
    return results


def _wait(others: list[Any]) -> None:
    for other in others:
        if not other.cancel():
            other.exception()


@lru_cache(maxsize=1)
def _blas() -> Any:
    """NumPy's BLAS, if threadpoolctl is here and knows it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    import numpy as np

    found = ThreadpoolController().select(user_api="blas").lib_controllers
    numpys = os.path.realpath(os.path.dirname(np.__file__))  # beside it, or in it, are the libraries of its wheel
    return next((library for library in found if library.filepath.startswith(numpys)), found[0] if found else None)


@lru_cache(maxsize=1)
def _workers(threads: int) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(threads, "minigrad")


def _after_fork() -> None:
    """A forked process has no threads but the one that forked: its workers are to be made anew."""
    global _gate, _inside
    _gate = RLock()
    _workers.cache_clear()
    if _inside:  # those who would set it back are not here
        _inside = 0
        _blas().set_num_threads(_found)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
