"""Data: orders, random numbers of samples, and what goes wrong while samples are read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
from nn.data import DataLoader
from nn.random import clear_position, set_position

X, Y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20)


def noisy(x: Any, rng: Any) -> Any:
    return x + rng.normal(size=3)


def test_the_order_of_an_epoch() -> None:
    """the order of an epoch of a `DataLoader`"""
    loader, other = (DataLoader(X, batch_size=size, shuffle=True, rng=7) for size in (2, 5))
    list(loader)
    assert loader.order(4).tolist() == other.order(4).tolist() != loader.order(5).tolist()


def test_random_numbers_of_a_sample() -> None:
    """the random numbers that a transform draws for a sample"""
    expected = next(DataLoader(X, Y, batch_size=20, transform=noisy, rng=7).batches(epoch=4)).x
    for options in ({}, {"batch_size": 3}, {"shuffle": True}, {"prefetch": 2}):
        for batch in DataLoader(X, Y, transform=noisy, rng=7, **options).batches(epoch=4):  # type: ignore[arg-type]
            assert np.array_equal(batch.x, expected[batch.samples])


def test_an_epoch_from_its_middle() -> None:
    """`loader.batches(epoch, first=k)`"""
    loader = DataLoader(X, Y, batch_size=3, shuffle=True, transform=noisy, rng=7)
    for batch, other in zip(loader.batches(2, first=4), list(loader.batches(2))[4:], strict=True):
        assert np.array_equal(batch.x, other.x)


def test_prefetching() -> None:
    """`DataLoader(…, prefetch=k)`"""
    threads = threading.active_count()
    batches = DataLoader(X, Y, batch_size=3, prefetch=2).batches(0)
    assert next(batches).y.tolist() == [0, 1, 2]
    del batches
    assert threading.active_count() == threads


def test_a_transform_in_place() -> None:
    """a transform that changes its argument in place"""

    def doubles(x: Any) -> Any:
        x *= 2
        return x

    x = np.ones((4, 2))
    assert next(iter(DataLoader(x, transform=doubles))).x.max() == 2
    assert x.max() == 1


def test_dropout_in_training() -> None:
    """`Dropout` and its kin at a position of training"""
    model = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5))
    before = model[0].rng.bit_generator.state
    x = np.ones((3, 50))
    try:
        set_position(model, seed=0, epoch=4, samples=np.array([7, 8, 9]), step=1)
        y = model[0](x)
        assert not np.array_equal(y, model[1](x))
        set_position(model, seed=0, epoch=4, samples=np.array([9]), step=2)
        assert np.array_equal(model[0](x[:1]), y[2:])
    finally:
        clear_position()
    assert model[0].rng.bit_generator.state == before


def test_a_generator_in_a_second_epoch() -> None:
    """a generator as data, in a second epoch"""

    def batches() -> Iterator[Any]:
        yield X, Y

    loader = DataLoader(batches())
    assert len(list(loader)) == 1
    with pytest.raises(ValueError, match="this generator is used up"):
        list(loader)


def test_a_sample_that_does_not_fit() -> None:
    """a sample that cannot be read, or has another shape or dtype than the rest of its batch"""
    samples: list[Any] = [(np.zeros(3), 0), (np.zeros(4), 1)]
    with pytest.raises(ValueError, match=r"the x of sample 1 of the list has shape \(4,\)"):
        list(DataLoader(samples))
