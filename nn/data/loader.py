"""The samples of an epoch in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.unsupported import Explained

__all__ = ["DataLoader"]

Seed = int | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None


class DataLoader(Explained):
    """Arrays in batches along their first axis: every loop over the loader is one epoch.

    Arguments:
        *arrays: for instance images (N, C, H, W) and labels (N,), of any dtype; all with the same N.
        batch_size: the number of samples in a batch. The last batch is smaller if N is not a multiple of it.
        shuffle: whether each epoch has its own random order. Otherwise the batches are views of the arrays, not
            copies.
        drop_last: whether to leave out a smaller last batch, as batch normalization may need.
        rng: a seed or a generator, as for `numpy.random.default_rng`; a seed makes the orders reproducible.

    Yields:
        Tuples with one array of shape (batch_size, ...) for each of `arrays`.

    Raises:
        ValueError: if there are no arrays, no samples or no full batch, if the arrays differ in length, or if
            `batch_size` is less than 1.
        TypeError: if `batch_size` is not an integer, or an array holds Python objects or is masked.

    >>> images, labels = np.zeros((5, 1, 28, 28)), np.arange(5)
    >>> loader = DataLoader(images, labels, batch_size=2)
    >>> len(loader), loader.n_samples
    (3, 5)
    >>> for x, y in loader:
    ...     print(x.shape, y)
    (2, 1, 28, 28) [0 1]
    (2, 1, 28, 28) [2 3]
    (1, 1, 28, 28) [4]
    """

    def __init__(
        self,
        *arrays: ArrayLike,
        batch_size: int = 32,
        shuffle: bool = False,
        drop_last: bool = False,
        rng: Seed = None,
    ) -> None:
        self.arrays: tuple[NDArray[Any], ...] = tuple(_as_array(i, array) for i, array in enumerate(arrays))
        _check_arrays(self.arrays)
        n = len(self.arrays[0])
        self.batch_size = whole_number("DataLoader: batch_size", batch_size, least=1)
        if drop_last and n < self.batch_size:
            # An epoch without a batch would train nothing, silently.
            raise ValueError(
                f"DataLoader: drop_last leaves no batch, because batch_size is {batch_size} and there are {n} samples; "
                f"choose a batch_size of at most {n}, or drop_last=False"
            )
        self.shuffle = shuffle
        self.drop_last = drop_last
        self._rng = np.random.default_rng(rng)
        self.n_samples = n - n % self.batch_size if drop_last else n
        """The number of samples in one epoch, without those that `drop_last` leaves out."""

    def __repr__(self) -> str:
        settings = f"batch_size={self.batch_size}, shuffle={self.shuffle}" + ", drop_last=True" * self.drop_last
        shapes = ", ".join(str(array.shape) for array in self.arrays)
        return f"<DataLoader({settings}) of {self.n_samples:,} samples in {len(self):,} batches: {shapes}>"

    def __len__(self) -> int:
        """The number of batches in one epoch."""
        return -(-self.n_samples // self.batch_size)

    def __iter__(self) -> Iterator[tuple[NDArray[Any], ...]]:
        # A permutation of all samples, so that with drop_last each epoch leaves out different ones.
        order = self._rng.permutation(len(self.arrays[0])) if self.shuffle else None
        for start in range(0, self.n_samples, self.batch_size):
            batch = slice(start, start + self.batch_size)
            indices = batch if order is None else order[batch]
            yield tuple(array[indices] for array in self.arrays)


def _as_array(position: int, given: Any) -> NDArray[Any]:
    """One of the arrays that were given, plain: it has no mask and no meaning of its own for operators."""
    what = f"DataLoader: array {position} is a {type(given).__name__}"
    if given is None or isinstance(given, Iterator | Mapping | DataLoader):
        mend = {True: "; pass its values one by one: DataLoader(data['x'], data['y'])", False: "; pass NumPy arrays"}
        raise TypeError(f"{what}, expected an array of samples{mend[isinstance(given, Mapping)]}")
    mg.array_checks.refuse_subclass(given, f"DataLoader: array {position}")
    try:
        return np.asarray(given)
    except ValueError:
        raise ValueError(f"{what} whose parts differ in shape; pass arrays one by one, DataLoader(x, y)") from None


def _check_arrays(arrays: tuple[NDArray[Any], ...]) -> None:
    if not arrays:
        raise ValueError("DataLoader: no arrays were given; write DataLoader(images, labels, batch_size=32)")
    for position, array in enumerate(arrays):
        if array.dtype == object:
            raise TypeError(f"DataLoader: array {position} holds Python objects, expected numbers; pass a NumPy array")
        if array.ndim == 0 and array.dtype.kind in "US":
            raise TypeError(
                f"DataLoader: array {position} is the text {str(array)!r}; of a file, pass what is in it: np.load(path)"
            )
        if array.ndim == 0:
            raise ValueError(
                f"DataLoader: array {position} is the single number {array}, expected samples along the first "
                "axis; is this an option, as in batch_size=32?"
            )
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(
            f"DataLoader: the arrays have lengths {', '.join(map(str, lengths))} (shapes {shapes}), "
            "expected the same number of samples along the first axis"
        )
    if lengths[0] == 0:
        raise ValueError(f"DataLoader: the data are empty (shape {arrays[0].shape}), expected at least 1 sample")
