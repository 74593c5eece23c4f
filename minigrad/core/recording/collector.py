"""Python's collector of reference cycles, which waits while many small objects are made.

It searches whenever some hundred objects more are there, and now and then all that the process holds. Of a graph or a
program that is being written none is garbage: to look for it would take up to a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Within, it does not search; afterwards it does if it did before."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
