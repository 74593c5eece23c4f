"""An error signal as an array that belongs to nothing else: the array itself if that is so already, else a copy.

A rule may return a view, its argument, or one array for several leaves, and may keep what it returns; users clip `grad`
in place. So a leaf gets a copy, which for large arrays takes as long as a layer. But most arrays were made by the
rule, and nothing else refers to them: if `backward` dropped its own reference, they would be freed. These need no copy.

Python counts the references to an object, and each view of a NumPy array refers to the array that owns the memory. If
the only reference to the owner is that of the error signal, nothing else can reach the memory: not the graph, a hook, a
cache, or another view. Weak references are not counted, so they are looked for separately. PyTorch also takes over
gradients to which nothing else refers.

Where Python does not count exactly, everything is copied.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from weakref import getweakrefcount

import numpy as np

__all__ = ["LARGE", "pop_owned"]

LARGE = 1 << 14  # bytes: to copy less takes no longer than to look whether it is needed


def pop_owned(signals: dict[Any, Any], key: Any, dtype: np.dtype[Any]) -> Any:
    """Take an error signal out of a dictionary, as an array of this dtype whose memory belongs to nothing else."""
    array, references = _pop(signals, key)
    return array if references == _ONE and array.dtype is dtype and _owns_memory(array) else array.astype(dtype)


def _owns_memory(array: Any) -> bool:
    """Whether an array to which nothing else refers has its memory to itself, as has the sole view of a whole array."""
    owner, references = (array, _ONE_VIEW) if array.base is None else _base(array)
    return (
        references == _ONE_VIEW
        and _is_plain(array)
        and _is_plain(owner)
        and owner.flags.owndata  # and not another library
        and owner.nbytes == array.nbytes
    )


def _is_plain(array: Any) -> bool:
    """Whether it is a contiguous, writeable `numpy.ndarray`, no subclass, to which no weak reference exists."""
    if type(array) is not np.ndarray:
        return False
    flags = array.flags
    return flags.writeable and flags.forc and not getweakrefcount(array)


def _pop(signals: dict[Any, Any], key: Any) -> tuple[Any, int]:
    """A value, taken out of a dictionary, and the number of references to it that are left, as Python counts them."""
    value = signals.pop(key)
    references = _count(value)
    return value, references


def _base(view: Any) -> tuple[Any, int]:
    """What an array is a view of, and the number of references to that."""
    owner = view.base
    references = _count(owner)
    return owner, references


def _counter() -> Callable[[Any], int]:
    """How to count the references to an object; where that is not exact, a function that counts none.

    It is exact in CPython with its global lock. Without the lock, counts are split between threads; a just-in-time
    compiler may leave references uncounted that it knows to be there.
    """
    compiler = getattr(sys, "_jit", None)
    exact = (
        sys.implementation.name == "cpython"
        and "free-threading" not in sys.version
        and not (compiler is not None and compiler.is_enabled())
    )
    return sys.getrefcount if exact else lambda _: 0


_count = _counter()
# What is counted where nothing else refers to a value, or nothing but a view to its owner. A variable and the argument
# of the count may be counted, too, as the version of Python has it: so it is measured, where signals are counted.
# Nothing is counted as −1.
_ONE = _pop({0: np.empty(1)}, 0)[1] or -1
_ONE_VIEW = _base(np.empty(1)[:])[1] or -1
