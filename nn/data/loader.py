"""The samples of an epoch in batches, in an order that is a function of the seed and the epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augmentation.compose import as_steps, in_turn
from nn.data.batch import Batch
from nn.data.prefetch import prefetched
from nn.data.sources.arrays import Arrays
from nn.data.sources.iterables import Batches
from nn.data.sources.kinds import Source, source_of
from nn.data.sources.samples import Samples
from nn.distributed.exchange import part
from nn.hyperparameters import Setting, true_or_false, whole_number
from nn.random import SampleGenerator, Seed, epoch_generator, seed_of
from nn.unsupported import Explained

__all__ = ["DataLoader"]


def _transform(_what: str, value: Any) -> Any:
    if value is not None:
        as_steps("DataLoader", value)
    return value


class DataLoader(Explained):
    """Data in batches: every loop over the loader is one epoch.

    The order of an epoch is a function of the seed and the number of the epoch, and what is random about a sample a
    function of the seed, the epoch and the sample. So an epoch can be repeated, and begun at any of its batches.

    Arguments:
        *data: one of

            - arrays with the samples along the first axis, for instance images (N, C, H, W) and labels (N,), of any
              dtype; all with the same N. An ``np.memmap`` is read batch by batch;
            - a data set: an object with ``__len__`` and ``__getitem__(i)``, which gives the i-th sample, a tuple (x, y)
              of arrays and numbers, such as a `Dataset`; or a list of such tuples;
            - an iterable of batches, tuples of arrays (x, y), of which each epoch is a new iteration.
        batch_size: the number of samples in a batch. The last batch is smaller if N is not a multiple of it.
            Batches that come ready keep their sizes.
        shuffle: whether each epoch has its own random order. Otherwise the batches are views of the arrays, not
            copies, unless they are transformed.
        drop_last: whether to leave out a smaller last batch, as batch normalization may need.
        transform: a function ``(x, rng)`` or ``(x)`` of the first array of each batch, or a list of them, called in
            turn. It returns an array of as many samples, and may change `x` in place. `rng` is a `SampleGenerator`,
            whose numbers for a sample do not depend on its batch.
        prefetch: the number of batches to prepare ahead, in a thread. The batches are the same ones.
        rng: a seed or a generator, as for `numpy.random.default_rng`; a seed makes orders and transforms reproducible.

    Attributes:
        seed: a whole number, made from `rng`.
        epoch: the number of the epoch that the next loop over the loader is; it starts at 0, and can be set.
        arrays: the arrays; ``None`` if the data are something else.
        classes: the names of the classes, if the data set has such an attribute; else ``None``.
        preprocessing: what turned files into the samples of the data set, likewise.

    Yields:
        A `Batch`, a tuple with one array of shape (batch_size, ...) for each array.

    Raises:
        ValueError: if there are no arrays, no samples or no full batch; if arrays differ in length, or samples in
            shape; if an iterator would be needed a second time; if an iterable is to be shuffled; if `batch_size` is
            less than 1.
        TypeError: if `batch_size` is not an integer; if an array or a sample holds Python objects or is masked.

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

    batch_size = Setting(lambda what, value: whole_number(what, value, least=1))
    shuffle, drop_last = Setting(true_or_false), Setting(true_or_false)
    transform = Setting(_transform)
    prefetch, seed, epoch = (Setting(lambda what, value: whole_number(what, value, least=0)) for _ in range(3))

    def __init__(
        self,
        *data: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        drop_last: bool = False,
        transform: Callable[..., Any] | Sequence[Callable[..., Any]] | None = None,
        prefetch: int = 0,
        rng: Seed = None,
    ) -> None:
        if any(isinstance(given, DataLoader) for given in data):
            raise TypeError("DataLoader: got a DataLoader, expected data; use it as it is, or make one of its data")
        self._source: Source = source_of(data)
        self.batch_size, self.shuffle, self.drop_last = batch_size, shuffle, drop_last
        self.transform, self.prefetch = transform, prefetch
        self.seed, self.epoch = seed_of(rng), 0
        of_data = data[0] if not isinstance(self._source, Arrays) else None
        names = getattr(of_data, "classes", None)
        self.classes: tuple[str, ...] | None = tuple(names) if isinstance(names, tuple | list) else None
        self.preprocessing: Any = getattr(of_data, "preprocessing", None)
        self.arrays = self._source.arrays if isinstance(self._source, Arrays) else None
        self._check_settings()

    @property
    def n_samples(self) -> int | None:
        """The number of samples in one epoch, without those that `drop_last` leaves out; ``None`` if not known."""
        if isinstance(self._source, Batches):
            return None
        return self._source.n - (self._source.n % self.batch_size if self.drop_last else 0)

    @property
    def n_batches(self) -> int | None:
        """The number of batches in one epoch; ``None`` if it is not known, as of a generator."""
        return self.batches_of_ranks(1)

    def batches_of_ranks(self, ranks: int, start: int = 0) -> int | None:
        """The number of batches of an epoch, from sample `start` on, if each is `ranks` times as large."""
        if isinstance(self._source, Batches):
            return self._source.n_batches
        n, size = max(0, self._source.n - start), int(self.batch_size) * ranks
        return n // size if self.drop_last else -(-n // size)

    def _check_settings(self, ranks: int = 1) -> None:
        """Raise a ValueError for settings that do not go together, or with the data."""
        n = None if isinstance(self._source, Batches) else self._source.n
        for option in ("shuffle", "drop_last"):
            if n is None and getattr(self, option):
                raise ValueError(
                    f"DataLoader: {option}=True, but the batches of {self._source!r} come ready; leave it out, or pass "
                    "arrays, or an object with __len__ and __getitem__ for its samples"
                )
        if n is not None and self.drop_last and n < self.batch_size * ranks:
            # An epoch without a batch would train nothing, silently.
            together = f" on each of {ranks} ranks" if ranks > 1 else ""
            raise ValueError(
                f"DataLoader: drop_last leaves no batch, because batch_size is {self.batch_size}{together} and there "
                f"are {n} samples; choose a batch_size of at most {n // ranks}, or drop_last=False"
            )

    def __repr__(self) -> str:
        if self.n_samples is None:
            count = "" if self.n_batches is None else f"{self.n_batches:,} "
            return f"<DataLoader of {count}batches: {self._source!r}>"
        settings = f"batch_size={self.batch_size}, shuffle={self.shuffle}" + ", drop_last=True" * self.drop_last
        return f"<DataLoader({settings}) of {self.n_samples:,} samples in {self.n_batches:,} batches: {self._source!r}>"

    def __len__(self) -> int:
        """The number of batches in one epoch; a TypeError if it is not known, as of a generator."""
        if self.n_batches is None:
            raise TypeError(f"DataLoader: the number of batches of {self._source!r} is not known before they were read")
        return self.n_batches

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Batch]:
        epoch = self.epoch
        self.epoch = epoch + 1
        return self.batches(epoch)

    def order(self, epoch: int) -> NDArray[np.int64]:
        """The numbers of all samples in the order of this epoch, int64 (N,), with those that `drop_last` leaves out.

        Raises:
            TypeError: if the data are batches.

        >>> DataLoader(np.zeros(6), shuffle=True, rng=0).order(epoch=3)
        array([3, 2, 1, 4, 0, 5])
        """
        epoch = whole_number("DataLoader: epoch", epoch, least=0)
        if isinstance(self._source, Batches):
            raise TypeError(f"DataLoader: the batches of {self._source!r} come ready, and have no order of samples")
        if not self.shuffle:
            return np.arange(self._source.n, dtype=np.int64)
        return epoch_generator(self.seed, epoch, "order").permutation(self._source.n).astype(np.int64, copy=False)

    def batches(
        self, epoch: int, first: int = 0, *, rank: int = 0, ranks: int = 1, start: int | None = None
    ) -> Iterator[Batch]:
        """The batches of this epoch, from batch number `first` on; the earlier ones are not read.

        (Of an iterable of batches, they have to be read, and are left out.)

        On several processes, batches are `ranks` times as large, and each process gets its part of them. If the last
        batch has fewer samples than there are ranks, the parts of the last ranks are empty.

        Arguments:
            rank, ranks: the number of the process, and how many there are.
            start: the sample, in the order of the epoch, with which batch number `first` begins; not for iterables.

        Raises:
            ValueError: if there are fewer than `first` batches.

        >>> loader = DataLoader(np.arange(5), batch_size=2, shuffle=True, rng=0)
        >>> [x.tolist() for (x,) in loader.batches(epoch=7)]
        [[3, 0], [4, 1], [2]]
        >>> [x.tolist() for (x,) in loader.batches(epoch=7, first=2)]
        [[2]]
        >>> [[x.tolist() for (x,) in loader.batches(epoch=7, rank=rank, ranks=2)] for rank in range(2)]
        [[[3, 0], [2]], [[4, 1], []]]
        """
        epoch = whole_number("DataLoader: epoch", epoch, least=0)
        first = whole_number("DataLoader: first", first, least=0)
        self._check_settings(ranks)
        n_batches = self.batches_of_ranks(ranks)
        if start is None and n_batches is not None and first > n_batches:
            raise ValueError(f"DataLoader: first is {first}, but an epoch has {n_batches} batches")
        read = self._read(epoch, first, start, rank, ranks)
        batches = self._transformed(epoch, read) if self.transform is not None else read
        return prefetched(batches, self.prefetch) if self.prefetch else batches

    def _read(self, epoch: int, first: int, begin: int | None, rank: int, ranks: int) -> Iterator[Batch]:
        """The batches as the source has them, or the parts of a rank."""
        source, size = self._source, self.batch_size * ranks
        if isinstance(source, Batches):
            whole = source.epoch(first)
            yield from whole if ranks == 1 else (batch.part(rank, ranks) for batch in whole)
            return
        order = self.order(epoch) if self.shuffle else None
        begin = first * size if begin is None else begin
        stop_at = source.n - ((source.n - begin) % size if self.drop_last else 0)
        for whole_start in range(begin, stop_at, size):
            start, stop = part(whole_start, min(whole_start + size, stop_at), rank, ranks)
            if order is None:
                yield Batch(source.take_range(start, stop), np.arange(start, stop, dtype=np.int64))
            else:
                samples = order[start:stop]
                yield Batch(source.take(samples), samples)

    def _transformed(self, epoch: int, batches: Iterator[Batch]) -> Iterator[Batch]:
        steps = as_steps("DataLoader", self.transform)
        # What is not a copy yet is the user's own array, which would change with `x`.
        copies = not self.shuffle and not isinstance(self._source, Samples)
        for batch in batches:
            if not len(batch.samples):  # the part of a rank for which no sample was left
                yield batch
                continue
            x, *others = batch
            rng = SampleGenerator(self.seed, epoch, batch.samples, "transform")
            yield Batch((in_turn(steps, x.copy() if copies else x, rng), *others), batch.samples)

    def state_dict(self) -> dict[str, int]:
        """The seed, and the number of the next epoch."""
        return {"seed": self.seed, "epoch": self.epoch}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Set seed and epoch to those of `state_dict`.

        Raises:
            KeyError: if one is missing.
            TypeError, ValueError: if it is not a whole number of at least 0.
        """
        seed, epoch = (whole_number(f"DataLoader: {name}", state_dict[name], least=0) for name in ("seed", "epoch"))
        self.seed, self.epoch = seed, epoch
