"""Samples that are read one by one, from a data set or a list, and stacked to a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg

__all__ = ["Samples"]

_NUMBERS = (bool, int, float, complex, np.generic)


class Samples:
    """Any object with ``__len__`` and ``__getitem__``; a sample is a tuple (x, y), or x alone."""

    def __init__(self, given: Any) -> None:
        self.data = given
        self.name = type(given).__name__
        self.n = len(given)
        if self.n == 0:
            raise ValueError(f"DataLoader: the {self.name} is empty, expected at least 1 sample")

    def take(self, samples: NDArray[np.int64]) -> list[NDArray[Any]]:
        """These samples, stacked to arrays.

        Raises:
            TypeError: if a sample is not a tuple of arrays and numbers.
            ValueError: if the samples differ in their shapes, or in how many arrays they have.
        """
        if not len(samples):  # as of a process for which no sample was left: arrays of the right shapes and dtypes
            return [array[:0] for array in self.take(np.zeros(1, np.int64))]
        numbers = samples.tolist()
        rows = [self._read(i) for i in numbers]
        for i, row in zip(numbers, rows, strict=True):
            if len(row) != len(rows[0]):
                raise ValueError(
                    f"DataLoader: sample {i} of the {self.name} has {len(row)} parts, and sample {numbers[0]} has "
                    f"{len(rows[0])}; return a tuple (x, y) for each"
                )
        return [self._stack(k, numbers, column) for k, column in enumerate(zip(*rows, strict=True))]

    def take_range(self, start: int, stop: int) -> list[NDArray[Any]]:
        """The samples from `start` on, before `stop`."""
        return self.take(np.arange(start, stop))

    def _read(self, i: int) -> tuple[Any, ...]:
        try:
            sample = self.data[i]
        except Exception as error:
            error.add_note(
                f"DataLoader: this happened in sample {i} of the {self.n} of the {self.name}, counted from 0"
            )
            raise
        what = f"DataLoader: sample {i} of the {self.name}"
        if sample is None:
            raise TypeError(f"{what} is None, expected a tuple (x, y); does __getitem__ lack a return?")
        if isinstance(sample, Mapping):
            keys = ", ".join(f"sample[{key!r}]" for key in sample)
            raise TypeError(f"{what} is a {type(sample).__name__}, expected a tuple (x, y); return ({keys})")
        if not isinstance(sample, tuple | list):
            return (sample,)
        if not sample:
            raise TypeError(f"{what} is an empty {type(sample).__name__}, expected a tuple (x, y)")
        return tuple(sample)

    def _stack(self, k: int, numbers: list[int], values: tuple[Any, ...]) -> NDArray[Any]:
        """The k-th parts of the samples of these numbers, as one array."""
        arrays = [self._as_array(k, i, value) for i, value in zip(numbers, values, strict=True)]
        first = arrays[0]
        for i, array in zip(numbers, arrays, strict=True):
            if array.shape != first.shape:
                raise ValueError(
                    f"DataLoader: {self._part(k, i)} has shape {array.shape}, and that of sample {numbers[0]} "
                    f"{first.shape}; return arrays of one shape, such as images of one size, or use batch_size=1"
                )
            # The dtype of a batch would be that of its widest sample.
            if array.dtype != first.dtype and array.dtype.kind not in "US":
                raise TypeError(
                    f"DataLoader: {self._part(k, i)} is of {array.dtype}, and that of sample {numbers[0]} of "
                    f"{first.dtype}; return one dtype for all, such as x.astype(np.float32)"
                )
        return np.stack(arrays)

    def _as_array(self, k: int, i: int, value: Any) -> NDArray[Any]:
        if type(value) is np.ndarray:
            array = value
        elif isinstance(value, mg.Tensor):
            array = value.numpy()
        elif isinstance(value, (*_NUMBERS, str, list, tuple)) or hasattr(value, "dtype"):
            mg.array_checks.refuse_lossy(value, f"DataLoader: {self._part(k, i)}")
            try:
                array = np.asarray(value)
            except ValueError:
                raise ValueError(f"DataLoader: {self._part(k, i)} is a list whose parts differ in shape") from None
        else:
            mend = "; return np.asarray(image) in its place" if hasattr(value, "__array_interface__") else ""
            raise TypeError(
                f"DataLoader: {self._part(k, i)} is a {type(value).__name__}, expected an array or a number{mend}"
            )
        if array.dtype == object:
            raise TypeError(f"DataLoader: {self._part(k, i)} holds Python objects, expected numbers")
        return array

    def _part(self, k: int, i: int) -> str:
        return f"the {('x', 'y')[k] if k < 2 else f'part {k}'} of sample {i} of the {self.name}"

    def __repr__(self) -> str:
        return f"a {self.name}"
