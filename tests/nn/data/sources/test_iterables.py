"""Batches that come ready: each epoch iterates anew, and an iterator that is used up says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nn.data import DataLoader

X, Y = np.arange(10.0), np.arange(10)
SIZES = (3, 4, 2, 1)


class Stream:
    """Batches of different sizes."""

    started = 0

    def __iter__(self) -> Iterator[Any]:
        self.started += 1
        start = 0
        for size in SIZES:
            yield X[start : start + size], Y[start : start + size]
            start += size


class Sized(Stream):
    def __len__(self) -> int:
        return len(SIZES)


@pytest.mark.parametrize("prefetch", [0, 2])
def test_each_epoch_is_a_new_iteration(prefetch: int) -> None:
    stream = Stream()
    loader = DataLoader(stream, prefetch=prefetch)
    for _ in range(2):
        batches = list(loader)
        assert [len(batch.x) for batch in batches] == list(SIZES)
        assert np.concatenate([batch.samples for batch in batches]).tolist() == list(range(10))
        assert all(np.array_equal(batch.samples, batch.y) for batch in batches)
    assert stream.started == 2
    late = list(loader.batches(5, first=2))
    assert [batch.y.tolist() for batch in late] == [[7, 8], [9]]
    assert late[0].samples.tolist() == [7, 8]
    assert list(loader.batches(0, first=4)) == []


def test_lengths() -> None:
    known, unknown = DataLoader(Sized()), DataLoader(Stream())
    assert (len(known), known.n_batches, known.n_samples) == (4, 4, None)
    assert (unknown.n_batches, unknown.n_samples) == (None, None)
    assert bool(known) is bool(unknown) is True
    with pytest.raises(TypeError, match="the number of batches of a Stream is not known"):
        len(unknown)
    with pytest.raises(TypeError, match="the batches of a Stream come ready, and have no order of samples"):
        unknown.order(0)
    assert repr(known) == "<DataLoader of 4 batches: a Sized>"
    assert repr(unknown) == "<DataLoader of batches: a Stream>"


@pytest.mark.parametrize("prefetch", [0, 2])
def test_a_generator_serves_for_one_epoch(prefetch: int) -> None:
    loader = DataLoader(((X, Y) for _ in range(3)), prefetch=prefetch)
    assert len(list(loader)) == 3
    for _ in range(2):
        with pytest.raises(
            ValueError, match=r"this generator is used up: .* pass an object whose __iter__ starts anew"
        ):
            list(loader)


def test_a_generator_that_was_left_early_is_used_up_too() -> None:
    loader = DataLoader((X, Y) for _ in range(3))
    for _ in loader:
        break
    with pytest.raises(ValueError, match="this generator is used up"):
        next(iter(loader))


def test_one_generator_given_twice() -> None:
    batches = ((X, Y) for _ in range(3))
    list(DataLoader(batches))
    with pytest.raises(ValueError, match="the generator gave no batch, expected at least 1; is it used up"):
        list(DataLoader(batches))


def test_a_transform_leaves_the_arrays_of_the_iterable_as_they_are() -> None:
    held = [np.ones(3), np.ones(3)]

    class Held:
        def __iter__(self) -> Iterator[Any]:
            return iter(held)

    def doubles(x: Any) -> Any:
        x *= 2
        return x

    assert [x.tolist() for (x,) in DataLoader(Held(), transform=doubles)] == [[2, 2, 2]] * 2
    assert held[0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("option", ["shuffle", "drop_last"])
def test_options_that_choose_samples_are_refused(option: str) -> None:
    with pytest.raises(
        ValueError, match=f"{option}=True, but the batches of a Stream come ready; leave it out, or pass"
    ):
        DataLoader(Stream(), **{option: True})


@pytest.mark.parametrize(
    ("batch", "error", "text"),
    [
        (None, TypeError, r"batch 1 of the list_iterator is a NoneType, expected a tuple of arrays \(x, y\)"),
        ({"x": X}, TypeError, "batch 1 of the list_iterator is a dict, expected a tuple"),
        ("x.npz", TypeError, "batch 1 of the list_iterator is a str"),
        ((), ValueError, "batch 1 of the list_iterator is an empty tuple"),
        ((X, Y[:4]), ValueError, "batch 1 of the list_iterator: the arrays have lengths 10, 4"),
        ((X, None), TypeError, "batch 1 of the list_iterator: array 1 is a NoneType"),
        ((X, 3), ValueError, "batch 1 of the list_iterator: array 1 is the single number 3"),
        ((X[:0], Y[:0]), ValueError, "batch 1 of the list_iterator: the data are empty"),
        ((np.ma.array(X, mask=True), Y), TypeError, "batch 1 of the list_iterator: array 0: got a masked array"),
        ((np.array([None, 1]), Y[:2]), TypeError, "batch 1 of the list_iterator: array 0 holds Python objects"),
    ],
)
def test_errors_name_the_batch(batch: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        list(DataLoader(iter([(X, Y), batch])))


@pytest.mark.parametrize("prefetch", [0, 2])
def test_an_error_of_the_iterable_itself(prefetch: int) -> None:
    def batches() -> Iterator[Any]:
        yield X, Y
        raise OSError("no network")

    loader = DataLoader(batches(), prefetch=prefetch)
    with pytest.raises(OSError, match=r"no network\n.*this happened in batch 1 of the generator, counted from 0"):
        list(loader)


def test_more_batches_are_left_out_than_there_are() -> None:
    with pytest.raises(ValueError, match="first is 5, but the Stream gave 4 batches"):
        list(DataLoader(Stream()).batches(0, first=5))
    with pytest.raises(ValueError, match="first is 5, but an epoch has 4 batches"):
        DataLoader(Sized()).batches(0, first=5)
