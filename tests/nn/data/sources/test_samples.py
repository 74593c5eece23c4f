"""Samples that are read one by one: stacked in the order asked for, and named where they do not fit together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from nn.data import DataLoader, Dataset


class Plain:
    """Not a Dataset, and no arrays: `__len__` and `__getitem__` alone."""

    def __init__(self, read: Callable[[int], Any], n: int = 10) -> None:
        self.read, self.n, self.asked = read, n, []

    asked: list[int]

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, i: int) -> Any:
        assert type(i) is int
        self.asked.append(i)
        return self.read(i)


class Described(Dataset):
    classes = ("even", "odd")
    preprocessing = "as they are"

    def __len__(self) -> int:
        return 5

    def __getitem__(self, i: int) -> Any:
        return np.full((2, 3), i, dtype=np.float32), i % 2


X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
Y = np.arange(50) % 7


@given(n=st.integers(1, 50), size=st.integers(1, 60), shuffle=st.booleans(), epoch=st.integers(0, 5), picked=st.data())
def test_they_give_the_batches_of_the_arrays(n: int, size: int, shuffle: bool, epoch: int, picked: Any) -> None:
    samples = Plain(lambda i: (X[i], Y[i]), n)
    loaders = [
        DataLoader(*data, batch_size=size, shuffle=shuffle, rng=4)
        for data in [(X[:n], Y[:n]), (samples,), (list(zip(X[:n], Y[:n], strict=True)),)]
    ]
    first = picked.draw(st.integers(0, len(loaders[0])))
    expected, *others = [list(loader.batches(epoch, first)) for loader in loaders]
    for batches in others:
        assert len(batches) == len(expected)
        for batch, other in zip(batches, expected, strict=True):
            np.testing.assert_array_equal(batch.samples, other.samples)
            for a, b in zip(batch, other, strict=True):
                np.testing.assert_array_equal(a, b)
                assert a.dtype == b.dtype
    assert samples.asked == loaders[0].order(epoch)[first * size :].tolist()  # and no other was read


def test_classes_and_preprocessing_of_a_data_set() -> None:
    loader = DataLoader(Described(), batch_size=2)
    assert loader.classes == ("even", "odd")
    assert loader.preprocessing == "as they are"
    assert loader.arrays is None
    assert (loader.n_samples, len(loader)) == (5, 3)
    assert DataLoader(X, Y).classes is DataLoader(X, Y).preprocessing is None
    assert [y for _, y in Described()] == [0, 1, 0, 1, 0]
    assert repr(Described()) == "<Described of 5 samples>"
    assert repr(loader) == "<DataLoader(batch_size=2, shuffle=False) of 5 samples in 3 batches: a Described>"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda i: np.full(3, i), [(2, 3)]),
        (lambda i: i, [(2,)]),
        (lambda i: float(i), [(2,)]),
        (lambda i: (np.float32(i),), [(2,)]),
        (lambda i: [np.zeros((3, 2)), [1, 2], i], [(2, 3, 2), (2, 2), (2,)]),
        (lambda i: (mg.Tensor([1.0, 2.0], requires_grad=True), True), [(2, 2), (2,)]),
        (lambda i: (np.zeros(1), "cat" if i else "mouse"), [(2, 1), (2,)]),
    ],
)
def test_what_a_sample_may_be(read: Any, expected: list[tuple[int, ...]]) -> None:
    batch = next(iter(DataLoader(Plain(read, 2))))
    assert [part.shape for part in batch] == expected
    assert all(type(part) is np.ndarray for part in batch)


def fails(i: int) -> Any:
    if i == 3:
        raise OSError("cannot read cat.jpg")
    return X[i], Y[i]


class Image:
    """Like Pillow's: it has an array's interface, and is not one."""

    __array_interface__ = np.zeros((2, 2)).__array_interface__


@pytest.mark.parametrize("prefetch", [0, 2])
@pytest.mark.parametrize(
    ("read", "error", "text"),
    [
        (fails, OSError, r"cannot read cat.jpg\n.*this happened in sample 3 of the 10 of the Plain, counted from 0"),
        (
            lambda i: None if i == 3 else X[i],
            TypeError,
            "sample 3 of the Plain is None.*does __getitem__ lack a return",
        ),
        (
            lambda i: {"x": 1, "y": 2},
            TypeError,
            r"sample 0 of the Plain is a dict.*return \(sample\['x'\], sample\['y'\]\)",
        ),
        (lambda i: (), TypeError, "sample 0 of the Plain is an empty tuple, expected"),
        (
            lambda i: (np.zeros((3, 4 + (i == 3))), 0),
            ValueError,
            r"the x of sample 3 of the Plain has shape \(3, 5\), and that of sample 0 \(3, 4\); .*images of one size",
        ),
        (lambda i: (X[i], Y[i])[: 1 + (i != 3)], ValueError, "sample 3 of the Plain has 1 parts, and sample 0 has 2"),
        (lambda i: (X[i], 1 if i != 3 else 0.5), TypeError, "the y of sample 3 .* is of float64, and that .* of int64"),
        (
            lambda i: (Image(), 0),
            TypeError,
            r"the x of sample 0 .* is a Image, .*return np\.asarray\(image\) in its pl",
        ),
        (lambda i: (X[i], object()), TypeError, "the y of sample 0 of the Plain is a object, expected an array or a n"),
        (lambda i: (X[i], None), TypeError, "the y of sample 0 of the Plain is a NoneType, expected an array"),
        (lambda i: (X[i], 0, np.array([None])), TypeError, "the part 2 of sample 0 .* holds Python objects"),
        (
            lambda i: ([[1], [1, 2]], 0),
            ValueError,
            "the x of sample 0 of the Plain is a list whose parts differ in shape",
        ),
        (lambda i: np.ma.array(X[i], mask=True), TypeError, "the x of sample 0 of the Plain: got a masked array"),
    ],
)
def test_errors_name_the_sample(prefetch: int, read: Any, error: type[Exception], text: str) -> None:
    loader = DataLoader(Plain(read), prefetch=prefetch)
    with pytest.raises(error, match=text):
        list(loader)


def test_no_samples() -> None:
    with pytest.raises(ValueError, match="the Plain is empty, expected at least 1 sample"):
        DataLoader(Plain(lambda i: i, 0))


def test_samples_of_other_shapes_alone() -> None:
    shapes = [x.shape for (x,) in DataLoader(Plain(lambda i: np.zeros((i, 2)), 4), batch_size=1)]
    assert shapes == [(1, 0, 2), (1, 1, 2), (1, 2, 2), (1, 3, 2)]
