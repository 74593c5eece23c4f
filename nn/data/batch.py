"""A batch: arrays with the samples along their first axis, and the numbers of these samples in the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.distributed.exchange import part

__all__ = ["Batch"]


class Batch(tuple[NDArray[Any], ...]):
    """The arrays of a batch, as a tuple: ``x, y = batch``.

    Attributes:
        samples: the numbers of the samples in the data, int64 (N,). Of data that come in batches, they are counted
            from the beginning of the epoch.

    >>> batch = Batch([np.zeros((2, 3)), np.array([1, 0])], samples=np.array([8, 5]))
    >>> x, y = batch
    >>> x.shape, y, batch.samples
    ((2, 3), array([1, 0]), array([8, 5]))
    """

    samples: NDArray[np.int64]

    def __new__(cls, arrays: Iterable[NDArray[Any]], samples: NDArray[np.int64]) -> Batch:
        """A batch of these arrays."""
        batch = super().__new__(cls, arrays)
        batch.samples = samples
        return batch

    @property
    def x(self) -> NDArray[Any]:
        """The first array, the inputs."""
        return self[0]

    @property
    def y(self) -> NDArray[Any]:
        """The second array, the targets; an IndexError if there is none."""
        if len(self) < 2:
            raise IndexError(f"Batch: has {len(self)} array, and no targets; make the loader of two: DataLoader(x, y)")
        return self[1]

    def part(self, rank: int, ranks: int) -> Batch:
        """The part of one of several processes, which share the samples; views."""
        start, stop = part(0, len(self.samples), rank, ranks)
        return Batch((array[start:stop] for array in self), self.samples[start:stop])

    def __repr__(self) -> str:
        return f"<Batch of {len(self.samples)} samples: {', '.join(str(array.shape) for array in self)}>"

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        """Refused: an array made of a tuple would be nonsense, or fail with an error about its shape."""
        raise TypeError(
            "Batch: is a tuple of arrays, inputs and targets, and not one array; write x, y = batch, model(x)"
        )

    def __getnewargs__(self) -> tuple[Any, ...]:  # for copies and pickle
        return tuple(self), self.samples
