"""The data that `fit` and `evaluate` take, as batches on the model's device and in its precision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.typing import Array

__all__ = ["Data", "as_batches", "in_groups", "model_input"]

#: A `DataLoader`, or arrays ``(inputs, targets)``.
Data = tuple[Array, Array] | DataLoader


def as_batches(data: Data, batch_size: int, *, shuffle: bool = False, rng: Any = None) -> DataLoader:
    """A loader as it is, or one for arrays.

    Raises:
        TypeError: if `batch_size` is not a whole number.
        ValueError: if it is less than 1.
    """
    batch_size = whole_number("batch_size", batch_size, least=1)
    if isinstance(data, DataLoader):
        return data
    return DataLoader(*data, batch_size=batch_size, shuffle=shuffle, rng=rng)


def in_groups(batches: DataLoader, size: int, loss: Any) -> Iterator[list[tuple[Array, Array, float]]]:
    """The inputs and targets of an epoch, `size` batches at a time, each with its share of the targets in its group.

    The mean loss of a group is the sum of those of its batches, times their shares. Class numbers that are the
    ``ignore_index`` of the loss do not count. The last group may have fewer batches.

    >>> loader = DataLoader(np.ones((5, 1)), np.arange(5), batch_size=2)
    >>> [[share for _, _, share in group] for group in in_groups(loader, 2, loss=None)]
    [[0.5, 0.5], [1.0]]
    """
    iterator = iter(batches)
    while group := list(islice(iterator, size)):
        counts = [_count(target, getattr(loss, "ignore_index", None)) for _, target in group]
        whole = max(sum(counts), 1)
        yield [(x, target, n / whole) for (x, target), n in zip(group, counts, strict=True)]


def _count(target: Array, ignore_index: int | None) -> int:
    """The number of targets over which a loss takes its mean, but for a factor that all batches share."""
    classes = ignore_index is not None and target.dtype.kind in "iu"
    return int((target != ignore_index).sum()) if classes else len(target)


def model_input(model: Module, x: Array) -> Array:
    """Inputs on the device of the model's parameters; floating-point numbers in their precision, too.

    Inputs of float64 would otherwise make a float32 model compute in float64.
    """
    parameter = next(model.parameters(), None)
    if parameter is None:
        return x
    is_floating = np.asarray(x).dtype.kind == "f"
    return mg.to(x.astype(parameter.dtype, copy=False) if is_floating else x, parameter.device)
