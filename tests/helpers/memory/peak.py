"""The memory that a call takes at its highest."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

__all__ = ["peak_bytes"]


def peak_bytes(call: Callable[[], Any]) -> int:
    """The most bytes that Python and NumPy have allocated within a call, in the smaller of two.

    What happens once is not the call's: a module that is loaded, or Python's table of interned strings, which takes
    8 MB anew when it grows in a process that has run thousands of tests.
    """
    peaks = []
    for _ in range(2):
        tracemalloc.start()
        try:
            call()
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return min(peaks)
