"""Dataset: what a DataLoader reads sample by sample, for data that are larger than memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

__all__ = ["Dataset"]


class Dataset(ABC):
    """The base of data that are read sample by sample: define ``__len__`` and ``__getitem__``.

    Any object with these two methods will do. This class adds iteration, and the attributes below.

    Attributes:
        classes: the names of the classes, in the order of their numbers; ``None`` if there are none.
        preprocessing: what has turned files into the arrays; ``None`` if nothing has.

    >>> import nn
    >>> class Squares(nn.data.Dataset):
    ...     def __len__(self):
    ...         return 5
    ...     def __getitem__(self, i):
    ...         return np.array([i, i**2]), i % 2
    >>> import numpy as np
    >>> for x, y in nn.data.DataLoader(Squares(), batch_size=3):
    ...     print(x.tolist(), y)
    [[0, 0], [1, 1], [2, 4]] [0 1 0]
    [[3, 9], [4, 16]] [1 0]
    """

    classes: tuple[str, ...] | None = None
    preprocessing: Any = None

    @abstractmethod
    def __len__(self) -> int:
        """The number of samples."""

    @abstractmethod
    def __getitem__(self, i: int, /) -> Any:
        """The i-th sample, i from 0: usually a tuple (x, y) of an array and a label."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self):,} samples>"

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))
