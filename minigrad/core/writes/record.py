"""When memory was last written into, for `backward` to refuse graphs that need what was there before."""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np

__all__ = ["writes"]

_array = np.ndarray


class _Writes:
    """The writes into leaves, numbered as Tensors are in the order of their creation.

    Attributes:
        latest: the number of the last one, or of the last time that a leaf was given another array.
    """

    def __init__(self) -> None:
        self.latest = -1
        #: The array that owns the memory, by its id, and the number of the last write into it.
        self._memory: dict[int, list[Any]] = {}

    def note(self, array: Any, number: int) -> None:
        """Note a write into an array. NumPy's scalars have no memory to share; on a GPU it is not known."""
        self.latest = number
        if type(array) is not _array:
            return
        base = array.base
        while type(base) is _array:  # as `_owner`, without a call: a step comes here for each parameter
            array, base = base, base.base
        key = id(array)
        known = self._memory.get(key)
        if known is not None and known[0]() is array:
            known[1] = number
        else:
            self._memory[key] = [ref(array, lambda _: self._memory.pop(key, None)), number]

    def last_into(self, array: Any) -> int:
        """The number of the last write into the memory of this array, through whichever leaf; −1 if there is none."""
        if type(array) is not np.ndarray:
            return -1
        owner = _owner(array)
        memory, number = self._memory.get(id(owner), (None, -1))
        return number if memory is not None and memory() is owner else -1


def _owner(array: Any) -> Any:
    """The array whose memory this one is, or is a view of."""
    while type(array.base) is np.ndarray:
        array = array.base
    return array


writes = _Writes()
