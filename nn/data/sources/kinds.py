"""Which kind of data was given: arrays, samples or batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nn.data.sources.arrays import Arrays
from nn.data.sources.iterables import Batches
from nn.data.sources.samples import Samples

__all__ = ["Source", "source_of"]

Source = Arrays | Samples | Batches


def source_of(data: tuple[Any, ...]) -> Source:
    """A list of tuples has samples, another list is an array. What has ``__len__`` and ``__getitem__`` has samples.

    >>> source_of(([([1.0, 2.0], 0), ([3.0, 4.0], 1)],)), source_of(([[1.0, 2.0], [3.0, 4.0]],))
    (a list, (2, 2))
    """
    if len(data) != 1:
        return Arrays(data)
    (given,) = data
    if isinstance(given, list):
        return Samples(given) if given and isinstance(given[0], tuple) else Arrays(data)
    if isinstance(given, tuple | Mapping | str | bytes | type) or hasattr(given, "__array__"):
        return Arrays(data)
    if hasattr(given, "__getitem__") and hasattr(given, "__len__"):
        return Samples(given)
    return Batches(given) if isinstance(given, Iterable) else Arrays(data)
