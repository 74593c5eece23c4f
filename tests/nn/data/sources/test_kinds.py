"""Which data are arrays, which samples, and which batches."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from nn.data.sources.arrays import Arrays
from nn.data.sources.iterables import Batches
from nn.data.sources.kinds import source_of
from nn.data.sources.samples import Samples

X = np.ones((3, 2))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ((X,), Arrays),
        ((X, [0, 1, 2]), Arrays),
        (([[1.0, 2.0], [3.0, 4.0]],), Arrays),
        (([1, 2, 3],), Arrays),
        (((1, 2, 3),), Arrays),
        (((X[0], X[1]),), Arrays),
        ((mg.Tensor(X),), Arrays),
        (([(1, 2), (3, 4)],), Samples),
        (([(X[0], 1), (X[1], 0)],), Samples),
        ((range(4),), Samples),
        ((deque([(X[0], 1)]),), Samples),
        ((zip(X, X, strict=True),), Batches),
        (((x for x in X),), Batches),
        ((map(np.sin, X),), Batches),
        (({1: X, 2: X}.values(),), Batches),  # as loaders of other packages: they have a length, and no items
    ],
    ids=lambda value: type(value[0]).__name__ if isinstance(value, tuple) else value.__name__,
)
def test_kinds(data: tuple[Any, ...], kind: type) -> None:
    assert type(source_of(data)) is kind


def test_a_frame_is_an_array() -> None:
    """As pandas has: it gives its columns by name, and its numbers as an array."""

    class Frame:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return X

        def __len__(self) -> int:
            return 3

        def __getitem__(self, name: str) -> Any:
            raise KeyError(name)

    source = source_of((Frame(),))
    assert isinstance(source, Arrays)
    assert source.n == 3
