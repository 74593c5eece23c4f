"""Arrays of the same length, in memory or in a file that is mapped to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg

__all__ = ["Arrays", "as_array", "check_arrays", "require_aligned"]


class Arrays:
    """Several arrays of one length; a batch takes its samples from each."""

    def __init__(self, given: tuple[Any, ...]) -> None:
        if not given:
            raise ValueError("DataLoader: no arrays were given; write DataLoader(images, labels, batch_size=32)")
        require_aligned("DataLoader", given)
        self.arrays: tuple[NDArray[Any], ...] = tuple(
            as_array(f"DataLoader: array {i}", array) for i, array in enumerate(given)
        )
        check_arrays("DataLoader", self.arrays)
        self.n = len(self.arrays[0])
        # take is faster than an index, but copies the whole array first if its samples are not one after the other.
        self._taken = [a.flags.c_contiguous and a.flags.aligned and a.dtype.isnative for a in self.arrays]

    def take(self, samples: NDArray[np.int64]) -> list[NDArray[Any]]:
        """Copies of these samples of each array."""
        return [
            array.take(samples, axis=0) if quick else array[samples]
            for array, quick in zip(self.arrays, self._taken, strict=True)
        ]

    def take_range(self, start: int, stop: int) -> list[NDArray[Any]]:
        """Views of the samples from `start` on, before `stop`."""
        return [array[start:stop] for array in self.arrays]

    def __repr__(self) -> str:
        return ", ".join(str(array.shape) for array in self.arrays)


def as_array(name: str, given: Any) -> NDArray[Any]:
    """What was given as a plain array: it has no mask and no meaning of its own for operators."""
    what = f"{name} is a {type(given).__name__}"
    if given is None or isinstance(given, Iterator | Mapping):
        mend = {True: "; pass its values one by one: DataLoader(data['x'], data['y'])", False: "; pass NumPy arrays"}
        raise TypeError(f"{what}, expected an array of samples{mend[isinstance(given, Mapping)]}")
    mg.array_checks.refuse_lossy(given, name)
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError(f"{what} whose parts differ in shape; pass arrays one by one, DataLoader(x, y)") from None
    if array.dtype == object and (way := mg.array_checks.way_to_numbers(given)):
        raise TypeError(f"{what}, of which NumPy makes no array of numbers{way}")
    return array


def require_aligned(where: str, given: Sequence[Any]) -> None:
    """Raise a ValueError for frames and series of pandas whose rows have different labels: rows are taken in order."""
    indexes = [(i, array.index) for i, array in enumerate(given) if hasattr(getattr(array, "index", None), "equals")]
    for i, index in indexes[1:]:
        j, first = indexes[0]
        if len(index) == len(first) and not index.equals(first):
            raise ValueError(
                f"{where}: array {j} and array {i} have different indexes, {list(first[:3])}… and {list(index[:3])}…; "
                "samples are taken in the order of rows; align them, y = y.loc[x.index], or pass y.to_numpy()"
            )


def _mend(objects: NDArray[Any]) -> str:
    """What to write in place of an array of objects, as a column of a table may be."""
    kinds = {type(value) for value in objects.flat[:1000]}
    if kinds == {str}:
        return "number the texts: names, y = np.unique(y.astype(str), return_inverse=True)"
    if kinds and all(issubclass(kind, int | np.integer) for kind in kinds):
        return "write y.astype(int)"
    return "pass a NumPy array"


def check_arrays(where: str, arrays: Sequence[NDArray[Any]]) -> None:
    """Raise a TypeError or ValueError if they are not arrays of the same number of samples, of which there is one."""
    for position, array in enumerate(arrays):
        if array.dtype == object:
            raise TypeError(f"{where}: array {position} holds Python objects, expected numbers; {_mend(array)}")
        if array.ndim == 0 and array.dtype.kind in "US":
            raise TypeError(
                f"{where}: array {position} is the text {str(array)!r:.80}; of a file, pass what is in it: "
                "np.load(path)"
            )
        if array.ndim == 0:
            raise ValueError(
                f"{where}: array {position} is the single number {array}, expected samples along the first "
                "axis; is this an option, as in batch_size=32?"
            )
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(
            f"{where}: the arrays have lengths {', '.join(map(str, lengths))} (shapes {shapes}), "
            "expected the same number of samples along the first axis"
        )
    if lengths[0] == 0:
        raise ValueError(f"{where}: the data are empty (shape {arrays[0].shape}), expected at least 1 sample")
