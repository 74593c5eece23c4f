"""Pieces of a batch computed at the same time, each in its own thread.

NumPy releases the interpreter lock while it copies or multiplies, so that pieces of a batch can be computed in
parallel. The matrix products within must then not start threads of their own: two BLAS calls at once would wait for
each other's threads, and OpenBLAS's threads keep a core busy for some time after each product, waiting for the next,
which slows down every other thread. threadpoolctl says how many threads BLAS is allowed, and holds it at one meanwhile;
without that library there is one piece, and BLAS uses its own threads. So ``OPENBLAS_NUM_THREADS`` and
``threadpoolctl.threadpool_limits`` hold for both.

The number of BLAS threads is a setting of the whole process: products in other threads of the user are limited, too.
But what threadpoolctl reads and sets meanwhile, in whichever thread, is the number that holds after the pieces:
``threadpool_limits`` puts back at its end what it has read at its start, and must not have read our one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from functools import lru_cache, partial
from itertools import pairwise
from threading import RLock
from typing import Any

_lock = RLock()  # held briefly, around each access to the two numbers
_calls = 0  # of in_pieces that are running
_limit = 1  # the threads that the user allows BLAS: its number before the first of these calls and after the last


def blas_threads() -> int | None:
    """How many threads the user allows BLAS; None without threadpoolctl."""
    blas = _blas()
    if blas is None:
        return None
    with _lock:
        return _limit if _calls else blas.get_num_threads() or 1


def in_pieces(work: Callable[[int, int], Any], n: int, parallel: bool = True) -> list[Any]:
    """The results of ``work(start, stop)`` for all pieces of `n` samples, in order; each product within has one thread.

    There are as many pieces as threads that BLAS is allowed, so that results do not vary from run to run; one piece
    if not `parallel`, for work that does not repay handing it to another thread (some 20 µs). While another thread of
    the user is inside, the pieces are computed one after the other. A single sample gets BLAS's own threads.
    """
    blas = _blas()
    if blas is None or n == 0 or (n == 1 and parallel):
        return [work(0, n)]
    threads, first = _enter(blas)
    try:
        pieces = min(n, threads) if parallel else 1
        bounds = list(pairwise(n * i // pieces for i in range(pieces + 1)))
        if first and pieces > 1:
            return _in_parallel(work, bounds, threads)
        return [work(*piece) for piece in bounds]
    finally:
        _leave(blas)


def _enter(blas: Any) -> tuple[int, bool]:
    """How many threads BLAS was allowed, and whether this is the only call running."""
    global _calls, _limit
    with _lock:
        _calls += 1
        if _calls == 1:
            _limit = blas.get_num_threads() or 1
            if _limit > 1:
                blas.set_num_threads(1)
        return _limit, _calls == 1


def _leave(blas: Any) -> None:
    global _calls
    with _lock:
        _calls -= 1
        if _calls == 0 and _limit > 1:
            blas.set_num_threads(_limit)


def _in_parallel(work: Callable[[int, int], Any], bounds: list[tuple[int, int]], threads: int) -> list[Any]:
    """Each worker takes the next piece until none is left, so that a thread that starts late delays nobody."""
    results: list[Any] = [None] * len(bounds)
    # A worker that the system lets start late finds nothing here: until then it would keep the arrays of `work` alive.
    pending = deque((work, i, piece) for i, piece in enumerate(bounds))
    del work

    def worker() -> None:
        while pending:
            try:
                do, i, piece = pending.popleft()
            except IndexError:  # another worker was faster
                return
            results[i] = do(*piece)

    futures: list[Any] = []
    try:
        for _ in bounds[1:]:
            futures.append(_workers(threads - 1).submit(copy_context().run, worker))
    except RuntimeError:  # Python is exiting, or the system has no thread left: the workers that there are do it all
        pass
    try:
        worker()
    finally:
        pending.clear()
        try:
            _wait(futures)
        finally:  # after Ctrl+C too, nothing may still be writing
            _wait(futures)
    for future in futures:
        if not future.cancelled():
            future.result()
    return results


def _wait(futures: list[Any]) -> None:
    for future in futures:
        if not future.cancel():
            future.exception()


@lru_cache(maxsize=1)
def _blas() -> Any:
    """The BLAS that NumPy uses, if threadpoolctl is installed and finds it."""
    library = _library()
    return None if library is None else _Blas(library)


def _library() -> Any:
    """NumPy's BLAS among the libraries that threadpoolctl finds."""
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    import numpy as np

    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    numpy_folder = os.path.realpath(os.path.dirname(np.__file__))  # its wheel's libraries are in it, or next to it
    of_numpy = [library for library in libraries if library.filepath.startswith(numpy_folder)]
    return next(iter(of_numpy or libraries), None)


class _Blas:
    """The number of threads that BLAS has now. Others who ask threadpoolctl are told what the user allows."""

    def __init__(self, library: Any) -> None:
        kind, path = type(library), library.filepath
        read, write = kind.get_num_threads, kind.set_num_threads
        self.get_num_threads = partial(read, library)
        # Since threadpoolctl 3.8, what is set by other threads than the first to set it does nothing.
        self.set_num_threads = partial(getattr(kind, "_real_set_num_threads", write), library)

        def get_num_threads(other: Any) -> Any:
            with _lock:
                return _limit if _calls and other.filepath == path else read(other)

        def set_num_threads(other: Any, n: int) -> None:
            global _limit
            with _lock:
                if _calls and other.filepath == path:
                    _limit = n
                else:
                    write(other, n)

        kind.get_num_threads, kind.set_num_threads = get_num_threads, set_num_threads


@lru_cache(maxsize=1)
def _workers(threads: int) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(threads, "minigrad")


def _after_fork() -> None:
    """A forked process has only the thread that forked: it needs new workers."""
    global _lock, _calls
    _lock = RLock()
    _workers.cache_clear()
    if _calls:  # the threads that would restore the limit are not in this process
        _calls = 0
        _blas().set_num_threads(_limit)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
