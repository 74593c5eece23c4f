"""Functions that run in several threads at once, which change places as often as they can."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

__all__ = ["at_once"]


def at_once(job: Callable[[int], Any], threads: int = 4) -> list[Future[Any]]:
    """The outcomes of ``job(0)``, ``job(1)`` …, each in a thread of its own, which all start together."""
    start = Barrier(threads)

    def started(i: int) -> Any:
        start.wait()
        return job(i)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            return [pool.submit(started, i) for i in range(threads)]
    finally:
        sys.setswitchinterval(before)
