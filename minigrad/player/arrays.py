"""Arrays in a page, bit by bit: NaN, infinities, −0.0 and 1e−300 arrive as they are."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from minigrad.device import to_host

__all__ = ["LARGEST_ARRAY", "Arrays"]

LARGEST_ARRAY = 4096  # numbers of an array that a page holds; of larger ones it has a summary
_ALL = 10_000  # numbers of all arrays together, about 100 kB


class Arrays:
    """The arrays of a page, each once."""

    def __init__(self) -> None:
        self.encoded: list[dict[str, Any]] = []
        self._places: dict[tuple[Any, ...], int] = {}
        self._room = _ALL

    def add(self, value: Any) -> int | None:
        """The place of an array among those of the page; ``None`` for complex ones, and those that are too large."""
        array = np.asarray(to_host(value))
        if array.dtype.kind not in "bfiu" or not array.size:
            return None
        letter = "f4" if array.dtype in (np.float32, np.float16) else "f8"
        data = np.ascontiguousarray(array, f"<{letter}").tobytes()
        key = letter, array.shape, data
        if key not in self._places:
            if array.size > min(LARGEST_ARRAY, self._room):
                return None
            self._room -= array.size
            self._places[key] = len(self.encoded)
            self.encoded.append({"shape": list(array.shape), letter: base64.b64encode(data).decode()})
        return self._places[key]
