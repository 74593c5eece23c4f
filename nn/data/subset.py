"""Some of the samples of a data set."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data.dataset import Dataset
from nn.unsupported import Explained

__all__ = ["Subset"]


class Subset(Dataset, Explained):
    """The samples of a data set with the given numbers, in their order, as `split` makes them.

    It has the attributes of the data set that training uses: ``classes``, ``preprocessing`` and ``labels``, and the
    ``paths`` of an `ImageFolder`, each for these samples; ``None`` where the data set has none.

    Arguments:
        data: a data set: an object with ``len()`` and an index.
        samples: the numbers of samples.

    Attributes:
        samples: the numbers of the samples in the data set, int64.

    Raises:
        IndexError: if there is no sample of that number.

    >>> letters = Subset(["a", "b", "c", "d"], [3, 1])
    >>> len(letters), letters[0], letters[-1]
    (2, 'd', 'b')
    """

    def __init__(self, data: Any, samples: ArrayLike) -> None:
        self.data = data
        self.samples: NDArray[np.int64] = np.asarray(samples).astype(np.int64)
        wrong = (self.samples < 0) | (self.samples >= len(data))
        if wrong.any():
            raise IndexError(f"Subset: sample {self.samples[wrong][0]} of {len(data)}, expected 0 to {len(data) - 1}")
        self.classes = getattr(data, "classes", None)
        self.preprocessing = getattr(data, "preprocessing", None)

    @property
    def labels(self) -> NDArray[Any] | None:
        """The class number of each sample, if the data set knows them."""
        known = getattr(self.data, "labels", None)
        return None if known is None else np.asarray(known)[self.samples]

    @property
    def paths(self) -> tuple[Path, ...] | None:
        """The file of each sample, if the data set has files."""
        known = getattr(self.data, "paths", None)
        return None if known is None else tuple(known[i] for i in self.samples)

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, i: SupportsIndex) -> Any:
        return self.data[int(self.samples[operator.index(i)])]

    def __repr__(self) -> str:
        return f"<Subset: {len(self):,} of the {len(self.data):,} samples of {type(self.data).__name__}>"
