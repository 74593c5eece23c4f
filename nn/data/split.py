"""Data divided into a part for training and one for testing or validation."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data.sources.arrays import as_array, require_aligned
from nn.data.subset import Subset
from nn.hyperparameters import whole_number
from nn.random.seeds import Seed, seed_of
from nn.unsupported import explains_calls

__all__ = ["split"]


@explains_calls
def split(
    *data: Any, test_size: float | int = 0.2, stratify: ArrayLike | bool | Literal["auto"] = "auto", rng: Seed = 0
) -> tuple[Any, ...]:
    """Data divided at random into two parts, each sample in one of them.

    Arguments:
        *data: arrays of equal length, or one data set with ``len()`` and an index, for instance an `ImageFolder`.
        test_size: of the second part: a fraction of all samples, less than 1, or a whole number of samples.
        stratify: whether every class has the same share of both parts, as nearly as whole numbers allow; a class of two
            or more samples has at least one in the first part, and a class of one sample is in the first. ``"auto"``:
            if the last array, or the attribute ``labels`` of the data set, are class numbers: whole numbers from 0, on
            average at least two of each. ``True`` takes these labels in any case; or the labels themselves.
        rng: a seed or a generator, as for `numpy.random.default_rng`. With the seed as it is, the parts are the same in
            each run, so that a training that is resumed never learns from the samples it is tested on.

    Returns:
        For arrays, in scikit-learn's order: x_train, x_test, y_train, y_test. For a data set, two `Subset` of it.

    Raises:
        ValueError: if the lengths differ, one of the parts would be empty, or too few samples are left for the first
            part to have one of each class.
        TypeError: if there are no data, or stratify=True of data without labels.

    >>> x, y = np.arange(20).reshape(10, 2), np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    >>> x_train, x_test, y_train, y_test = split(x, y, test_size=0.5)
    >>> np.bincount(y_train), np.bincount(y_test)
    (array([4, 1]), array([4, 1]))
    """
    arrays = _arrays(data)
    n = len(data[0]) if arrays is None else len(arrays[0])
    n_test = _size(test_size, n)
    generator = np.random.default_rng(seed_of(rng))
    labels = _labels(stratify, data[0] if arrays is None else arrays[-1], n)
    if labels is None:
        order = generator.permutation(n)
        train, test = order[n_test:], order[:n_test]
    else:
        train, test = _stratified(labels, n_test, generator)
    if arrays is None:
        return Subset(data[0], train), Subset(data[0], test)
    return tuple(array[part] for array in arrays for part in (train, test))


def _arrays(data: tuple[Any, ...]) -> list[NDArray[Any]] | None:
    """The data as arrays; None for one data set."""
    if not data:
        raise TypeError("split: no data were given; write split(x, y, test_size=0.2)")
    if len(data) == 1 and isinstance(data[0], tuple):
        raise TypeError("split: got a tuple; pass its arrays one by one: split(*data)")
    if len(data) == 1 and not hasattr(data[0], "__array__"):
        for method in ("__len__", "__getitem__"):
            if not hasattr(data[0], method):
                raise TypeError(
                    f"split: got a {type(data[0]).__name__}, which has no {method}; pass arrays, or a data set with "
                    "__len__ and __getitem__"
                )
        return None
    is_array = isinstance(data[0], list | tuple) or hasattr(data[0], "__array__")
    if hasattr(data[0], "__getitem__") and not is_array:
        raise TypeError(
            f"split: got a {type(data[0]).__name__}, a data set, and {len(data) - 1} more by position; write "
            "split(data, test_size=0.2)"
        )
    require_aligned("split", data)
    # An array in a file, numpy.memmap, stays there; a part of it is read when it is chosen.
    arrays = [
        given if isinstance(given, np.ndarray) else as_array(f"split: array {i}", given) for i, given in enumerate(data)
    ]
    for i, array in enumerate(arrays):
        if array.ndim == 0:
            raise ValueError(f"split: argument {i} is the single value {array}; a size is written test_size={array}")
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(
            f"split: the arrays have lengths {', '.join(str(len(array)) for array in arrays)}, expected the same "
            "number of samples along the first axis"
        )
    return arrays


def _size(test_size: Any, n: int) -> int:
    """The number of samples of the second part; of a fraction rounded up, as in scikit-learn."""
    if isinstance(test_size, float | np.floating):
        if not 0 < test_size < 1:
            raise ValueError(f"split: test_size is {test_size}, expected a fraction between 0 and 1, or a whole number")
        n_test = int(np.ceil(round(float(test_size) * n, 9)))  # 0.07 · 100 is 7.000000000000001
    else:
        n_test = whole_number("split: test_size", test_size, least=1)
    if n_test >= n:
        raise ValueError(f"split: test_size is {test_size}, which leaves none of {n} samples for the first part")
    return n_test


def _labels(stratify: Any, last: Any, n: int) -> NDArray[np.int64] | None:
    """The class number of each sample, counted from 0 in sorted order; None if that is not asked for."""
    if stratify is False or stratify is None:
        return None
    if isinstance(stratify, str) and stratify != "auto":
        raise ValueError(f"split: stratify is {stratify!r}, expected 'auto', True, False or the labels")
    if isinstance(stratify, bool | str):
        given = last if isinstance(last, np.ndarray) else getattr(last, "labels", None)
        labels = None if given is None else np.asarray(given)
        if stratify == "auto" and (labels is None or not _are_class_numbers(labels)):
            return None
        if labels is None:
            raise TypeError(f"split: the {type(last).__name__} has no attribute labels; pass stratify=labels")
    else:
        labels = np.asarray(stratify)
    if labels.shape != (n,):
        raise ValueError(f"split: the labels have shape {labels.shape}, expected ({n},), one for each sample")
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _are_class_numbers(labels: NDArray[Any]) -> bool:
    if labels.ndim != 1 or labels.dtype.kind not in "iub" or labels.min() < 0:
        return False
    return 2 * len(np.unique(labels)) <= len(labels)


def _stratified(
    labels: NDArray[np.int64], n_test: int, generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The samples of the first and of the second part, in random order."""
    counts = np.bincount(labels)
    if n_test > len(labels) - len(counts):
        raise ValueError(
            f"split: test_size is {n_test} of {len(labels)} samples, which leaves {len(labels) - n_test} for the first "
            f"part, fewer than its {len(counts)} classes; choose a smaller test_size, or stratify=False"
        )
    # The largest remainders get the samples that rounding down leaves, as far as a class can spare them.
    share = n_test * counts / len(labels)
    taken = np.minimum(np.floor(share), counts - 1).astype(np.int64)
    ties = generator.permutation(len(counts))
    for wanted in sorted(ties, key=lambda c: taken[c] - share[c]) * int(n_test - taken.sum()):
        if taken.sum() == n_test:
            break
        taken[wanted] += taken[wanted] < counts[wanted] - 1
    order = generator.permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    position = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    in_test = np.zeros(len(labels), dtype=bool)
    in_test[by_class] = position < np.repeat(taken, counts)
    return order[~in_test[order]], order[in_test[order]]
