"""Memory that a training step frees is kept for the next step.

On Linux, glibc gives free memory at the end of the heap back to the system beyond a limit, and every page that is
taken again costs a fault: for a small network a third of the time of a step. The limit is twice the size of the
largest array so far that lay outside the heap and was freed (``man mallopt``, M_MMAP_THRESHOLD). A single array raises
it; as nobody writes into that, it takes no memory. Where the user has set one of glibc's limits, or on other systems,
nothing changes.
"""

from __future__ import annotations

import numpy as np

__all__ = ["keep_freed_memory"]

_KEPT = 64 << 20  # bytes: a result of 16 MB and its error signal; beyond, peaks of memory would grow
_PAGE = 1 << 13


def keep_freed_memory() -> None:
    """Let the process keep up to 64 MB of the memory that it frees."""
    np.empty(_KEPT // 2 - _PAGE, np.uint8)
