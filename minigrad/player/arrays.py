"""Arrays in a page, bit by bit: NaN, infinities, −0.0 and 1e−300 arrive as they are.

A page has only so much room. Of each array it has the first numbers, in whole matrices: at first as many as are needed
to show something, and then as many more as there is room for.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from minigrad.device import to_host

__all__ = ["LARGEST_MATRIX", "Arrays"]

LARGEST_MATRIX = 4096  # numbers of a matrix that a page holds; of a larger one it has a summary
_LONGEST = 16_384  # numbers of an array
_ROOM = 32_000  # bytes of all arrays together when they are packed, a third more in the page
_LETTERS = ("i1", "i2", "f4", "f8")  # the smallest that has all the numbers, bit by bit


@dataclass(eq=False)
class _Array:
    numbers: Any  # the first ones, one after the other
    matrix: int  # numbers of a matrix
    needs: set[int]
    kept: int = 0

    @property
    def weight(self) -> float:
        """Bytes of a number, packed: zeros weigh next to nothing."""
        some = self.numbers[: max(self.needs)].tobytes()
        itemsize: int = self.numbers.itemsize
        return len(zlib.compress(some)) / len(some) * itemsize


class Arrays:
    """The arrays of a page, each once, whatever their shape."""

    def __init__(self) -> None:
        self._arrays: list[_Array] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def add(self, value: Any, needed: int = 1) -> int | None:
        """The place of an array among those of the page.

        Arguments:
            value: an array.
            needed: how many of its numbers, from the first one, should be there.

        Returns:
            ``None`` for complex ones, and those whose matrices are too large.
        """
        array = np.asarray(to_host(value))
        matrix = prod(array.shape[-2:])
        if array.dtype.kind not in "bfiu" or not array.size or matrix > LARGEST_MATRIX:
            return None
        numbers = array.reshape(-1)[:_LONGEST]
        numbers = np.ascontiguousarray(numbers, "<f4" if array.dtype in (np.float32, np.float16) else "<f8")
        key = array.size, numbers.dtype.str, numbers.tobytes()
        if key not in self._places:
            self._places[key] = len(self._arrays)
            letter = next(x for x in _LETTERS if _holds(x, numbers))
            self._arrays.append(_Array(numbers.astype(f"<{letter}"), matrix, set()))
        place = self._places[key]
        found = self._arrays[place]
        found.matrix = max(found.matrix, matrix)
        found.needs |= {matrix, max(matrix, min(needed, len(numbers)))}
        return place

    def settle(self) -> None:
        """Decide how many numbers of each array the page has; no array can be added after it.

        What needs least comes first, so that most steps show something.
        """
        room: float = _ROOM
        weights = [array.weight for array in self._arrays]
        needs = [
            (n * w, i, n) for i, (array, w) in enumerate(zip(self._arrays, weights, strict=True)) for n in array.needs
        ]
        for _, i, n in sorted(needs):
            array, more = self._arrays[i], (n - self._arrays[i].kept) * weights[i]
            if 0 < more <= room:
                array.kept = n
                room -= more
        for array, weight in sorted(zip(self._arrays, weights, strict=True), key=lambda pair: len(pair[0].numbers)):
            more = min(len(array.numbers) - array.kept, int(room / weight))
            if array.kept + more < len(array.numbers):
                more -= (array.kept + more) % array.matrix
            if array.kept and more > 0:
                array.kept += more
                room -= more * weight

    def kept(self, place: int) -> int:
        """How many numbers of an array the page has."""
        return self._arrays[place].kept

    @property
    def encoded(self) -> list[dict[str, str]]:
        """The arrays as the script reads them."""
        return [
            {array.numbers.dtype.str[1:]: base64.b64encode(array.numbers[: array.kept].tobytes()).decode()}
            for array in self._arrays
        ]


def _holds(letter: str, numbers: Any) -> bool:
    with np.errstate(all="ignore"):
        return bool(numbers.astype(f"<{letter}").astype(numbers.dtype).tobytes() == numbers.tobytes())
