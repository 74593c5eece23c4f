"""Batches that come ready, from anything that can be iterated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from nn.data.batch import Batch
from nn.data.sources.arrays import as_array, check_arrays

__all__ = ["Batches"]


class Batches:
    """An iterable of batches, which is iterated anew in each epoch."""

    def __init__(self, given: Iterable[Any]) -> None:
        self.data = given
        self.name = type(given).__name__
        try:
            self.n_batches: int | None = len(given)  # type: ignore[arg-type]
        except TypeError:
            self.n_batches = None
        self._is_used_up = False

    def epoch(self, first: int) -> Iterator[Batch]:
        """The batches, from batch number `first` on; the earlier ones are read, and left out.

        Raises:
            ValueError: if there are no batches, or fewer than `first`; if an iterator was used before.
            TypeError: if a batch is not an array, or a tuple of them.
        """
        if self._is_used_up:
            raise ValueError(
                f"DataLoader: this {self.name} is used up: it gives its batches once, and another epoch needs them "
                "again; pass an object whose __iter__ starts anew, or one with __len__ and __getitem__ for its samples"
            )
        self._is_used_up = isinstance(self.data, Iterator)
        start = count = 0
        iterator = iter(self.data)
        while True:
            try:
                given = next(iterator)
            except StopIteration:
                break
            except Exception as error:
                error.add_note(f"DataLoader: this happened in batch {count} of the {self.name}, counted from 0")
                raise
            arrays = self._arrays(count, given)
            n = len(arrays[0])
            if count >= first:
                yield Batch(arrays, np.arange(start, start + n, dtype=np.int64))
            start, count = start + n, count + 1
        if count == 0:
            raise ValueError(f"DataLoader: the {self.name} gave no batch, expected at least 1; is it used up?")
        if count < first:
            raise ValueError(f"DataLoader: first is {first}, but the {self.name} gave {count} batches")

    def _arrays(self, number: int, given: Any) -> list[Any]:
        where = f"DataLoader: batch {number} of the {self.name}"
        if given is None or isinstance(given, Mapping | str | bytes):
            raise TypeError(f"{where} is a {type(given).__name__}, expected a tuple of arrays (x, y)")
        parts = list(given) if isinstance(given, tuple | list) else [given]
        if not parts:
            raise ValueError(f"{where} is an empty {type(given).__name__}, expected a tuple of arrays (x, y)")
        arrays = [as_array(f"{where}: array {i}", part) for i, part in enumerate(parts)]
        check_arrays(where, arrays)
        return arrays

    def __repr__(self) -> str:
        return f"a {self.name}"
