"""Several ranks in one process, a thread for each: another engine in the place of MPI, without the start of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np


class ThreadComm:
    """The communicator of one of several threads, which share a list of values and a barrier."""

    def __init__(self, rank: int, values: list[Any], barrier: threading.Barrier) -> None:
        self.rank, self.size = rank, len(values)
        self.messages: list[Any] = []  # the shapes that were summed
        self._values, self._barrier = values, barrier

    def broadcast(self, value: Any) -> Any:
        return self._all(value)[0]

    def mean_(self, array: Any) -> None:
        assert array.flags.c_contiguous
        assert array.dtype in (np.float32, np.float64, np.complex128)
        self.messages.append(array.shape)
        copies = self._all(array.copy())
        assert all((copy.shape, copy.dtype) == (array.shape, array.dtype) for copy in copies)
        array[...] = sum(copies[1:], start=copies[0].copy()) / array.dtype.type(self.size)

    def _all(self, value: Any) -> list[Any]:
        self._values[self.rank] = value
        self._barrier.wait(timeout=60)
        values = list(self._values)
        self._barrier.wait(timeout=60)
        return values


def on_ranks(size: int, function: Callable[[Any], Any]) -> list[Any]:
    """What ``function(comm)`` returns on each rank. The first error of a rank ends all of them, and is raised."""
    values: list[Any] = [None] * size
    barrier = threading.Barrier(size)
    results: list[Any] = [None] * size
    errors: list[BaseException] = []

    def run(rank: int) -> None:
        try:
            results[rank] = function(ThreadComm(rank, values, barrier))
        except threading.BrokenBarrierError:
            pass
        except BaseException as error:
            errors.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
