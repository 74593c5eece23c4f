"""Epochs of a DataLoader: functions of (seed, epoch), which can be repeated and begun at any batch."""

from __future__ import annotations

import copy
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from nn.data import Batch, DataLoader
from tests.helpers.parametrized.ids import shown

X, Y = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32), np.arange(50)


def noisy(x: Any, rng: Any) -> Any:
    return x + rng.normal(size=3) * rng.random()[:, None]


def same(batches: Any, others: Any) -> None:
    batches, others = list(batches), list(others)
    assert len(batches) == len(others)
    for batch, other in zip(batches, others, strict=True):
        np.testing.assert_array_equal(batch.samples, other.samples)
        assert [a.dtype for a in batch] == [b.dtype for b in other]
        for a, b in zip(batch, other, strict=True):
            np.testing.assert_array_equal(a, b)


@given(
    n=st.integers(1, 60), seed=st.integers(0, 2**70), epoch=st.integers(0, 10**6), others=st.lists(st.integers(0, 9))
)
def test_the_order_is_a_permutation_and_a_function_of_seed_and_epoch(
    n: int, seed: int, epoch: int, others: list[int]
) -> None:
    loader, again = (DataLoader(np.zeros(n), shuffle=True, batch_size=size, rng=seed) for size in (7, 64))
    for other in others:
        loader.order(other)
        next(iter(loader))
    order = loader.order(epoch)
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(n))
    np.testing.assert_array_equal(order, again.order(epoch))
    assert np.concatenate([batch.samples for batch in loader.batches(epoch)]).tolist() == order.tolist()


def test_orders_are_random() -> None:
    """Where a sample stands is uniform over the epochs and over the seeds, and orders are uncorrelated."""
    stats = pytest.importorskip("scipy.stats")
    n = 10
    for orders in (
        [DataLoader(np.zeros(n), shuffle=True, rng=3).order(epoch) for epoch in range(3000)],
        [DataLoader(np.zeros(n), shuffle=True, rng=seed).order(3) for seed in range(1000)],
    ):
        for place in (0, 4, n - 1):
            counts = np.bincount([order[place] for order in orders], minlength=n)
            assert stats.chisquare(counts).pvalue > 1e-3
        correlations = [np.corrcoef(a, b)[0, 1] for a, b in pairwise(orders)]
        assert abs(np.mean(correlations)) < 4 / np.sqrt(len(correlations) * (n - 1))


@given(
    n=st.integers(1, 50),
    size=st.integers(1, 60),
    options=st.fixed_dictionaries({"shuffle": st.booleans(), "drop_last": st.booleans()}),
    prefetch=st.integers(0, 3),
    epoch=st.integers(0, 5),
    picked=st.data(),
)
def test_an_epoch_can_be_begun_at_any_batch_and_prefetching_changes_no_bit(
    n: int, size: int, options: dict[str, bool], prefetch: int, epoch: int, picked: Any
) -> None:
    size = min(size, n) if options["drop_last"] else size
    plain = DataLoader(X[:n], Y[:n], batch_size=size, transform=noisy, rng=5, **options)
    ahead = DataLoader(X[:n], Y[:n], batch_size=size, transform=noisy, rng=5, prefetch=prefetch, **options)
    whole = list(plain.batches(epoch))
    assert len(whole) == len(plain) == plain.n_batches
    first = picked.draw(st.integers(0, len(whole)))
    same(plain.batches(epoch, first), whole[first:])
    same(ahead.batches(epoch, first), whole[first:])


@given(size=st.integers(1, 60), shuffle=st.booleans(), prefetch=st.integers(0, 2))
def test_the_numbers_of_a_sample_depend_on_nothing_but_seed_epoch_and_sample(
    size: int, shuffle: bool, prefetch: int
) -> None:
    loader = DataLoader(X, Y, batch_size=size, shuffle=shuffle, prefetch=prefetch, transform=noisy, rng=5)
    expected = next(DataLoader(X, Y, batch_size=50, transform=noisy, rng=5).batches(3)).x
    seen = 0
    for batch in loader.batches(3):
        np.testing.assert_array_equal(batch.x, expected[batch.samples])
        np.testing.assert_array_equal(batch.y, batch.samples)
        seen += len(batch.samples)
    assert seen == 50


def test_other_samples_epochs_and_seeds_have_other_numbers() -> None:
    def drawn(seed: int, epoch: int) -> Any:
        loader = DataLoader(np.zeros((50, 400)), batch_size=50, transform=lambda x, rng: rng.random(400), rng=seed)
        return next(loader.batches(epoch)).x

    first = drawn(0, 0)
    for other in (drawn(1, 0), drawn(0, 1), np.roll(first, 1, axis=0)):
        assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 4 / np.sqrt(first.size)


def test_each_loop_is_the_next_epoch() -> None:
    loader, again = (DataLoader(X, Y, batch_size=8, shuffle=True, transform=noisy, rng=5) for _ in range(2))
    for epoch in range(3):
        assert loader.epoch == epoch
        same(loader, again.batches(epoch))
    assert again.epoch == 0
    loader.epoch = 1
    same(loader, again.batches(1))
    for _ in loader:  # the epoch after the next begins, although this one was left
        break
    same(loader, again.batches(3))


def test_its_state_is_seed_and_epoch() -> None:
    loader, other = (DataLoader(X, Y, batch_size=8, shuffle=True, rng=seed) for seed in (5, 6))
    list(loader)
    assert loader.state_dict() == {"seed": 5, "epoch": 1}
    other.load_state_dict(loader.state_dict())
    same(other, loader)
    with pytest.raises(KeyError, match="seed"):
        other.load_state_dict({"epoch": 2})
    with pytest.raises(ValueError, match="DataLoader: seed is -1, expected at least 0"):
        other.load_state_dict({"epoch": 2, "seed": -1})
    assert other.state_dict() == {"seed": 5, "epoch": 2}


def test_copies_go_on_alike() -> None:
    loader = DataLoader(X, Y, batch_size=8, shuffle=True, transform=noisy)
    list(loader)
    same(copy.deepcopy(loader), loader)


def test_what_it_was_given_is_not_changed_by_a_transform_in_place() -> None:
    def doubles(x: Any) -> Any:
        x *= 2
        return x

    for shuffle in (False, True):
        x = np.ones((5, 2))
        assert all((batch.x == 2).all() for batch in DataLoader(x, batch_size=2, shuffle=shuffle, transform=doubles))
        assert (x == 1).all()


@pytest.mark.parametrize("prefetch", [0, 2])
@pytest.mark.parametrize(
    ("transform", "error", "text"),
    [
        (lambda x: None, TypeError, "expected an array of the 32 samples, got None; does it lack a return"),
        (lambda x: (x, x), TypeError, "expected an array of the 32 samples, got a tuple; return the inputs alone"),
        (lambda x: x[1:], ValueError, r"returned shape \(31, 3\) for inputs of shape \(32, 3\), expected 32 samples"),
        (lambda x: x.sum(), (ValueError, TypeError), r"transform <lambda>.*expected"),
        (lambda x: np.array([None] * len(x)), TypeError, "returned Python objects, expected an array of numbers"),
        (lambda x: np.ma.array(x, mask=True), TypeError, "transform <lambda>: got a masked array"),
        (lambda x, rng: 1 // 0, ZeroDivisionError, "division"),
    ],
)
def test_transforms_that_go_wrong(prefetch: int, transform: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        list(DataLoader(X, Y, transform=transform, prefetch=prefetch))


@pytest.mark.parametrize("transform", [3, "flip", np.ndarray, [np.flip, None]], ids=shown)
def test_what_is_not_a_transform_is_refused(transform: Any) -> None:
    loader = DataLoader(X, Y)
    with pytest.raises(TypeError, match=r"transform is .*, expected a function of a batch of inputs"):
        DataLoader(X, Y, transform=transform)
    with pytest.raises(TypeError, match=r"transform is .*, expected a function of a batch of inputs"):
        loader.transform = transform
    assert loader.transform is None


def test_a_file_that_is_mapped_is_read_batch_by_batch(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, X)
    mapped = np.load(path, mmap_mode="r")
    loader = DataLoader(mapped, Y, batch_size=8, shuffle=True, rng=0)
    assert loader.arrays is not None
    assert np.shares_memory(loader.arrays[0], mapped)
    same(loader.batches(0), DataLoader(X, Y, batch_size=8, shuffle=True, rng=0).batches(0))


@pytest.mark.parametrize(
    "change", [lambda x: x[:, ::-1], np.asfortranarray, lambda x: x.astype(">f4"), lambda x: x[::2]]
)
def test_arrays_of_any_layout(change: Any) -> None:
    x = change(X)
    for batch in DataLoader(x, batch_size=8, shuffle=True, rng=0).batches(0):
        np.testing.assert_array_equal(batch.x, x[batch.samples])
        assert batch.x.dtype == x.dtype


def test_tensors_and_structured_arrays() -> None:
    (x,) = next(iter(DataLoader(mg.Tensor(X))))
    assert type(x) is np.ndarray
    np.testing.assert_array_equal(x, X[:32])
    pairs = np.array([(1, 2.0), (3, 4.0)], dtype=[("a", int), ("b", float)])
    assert next(iter(DataLoader(pairs, shuffle=True, rng=0))).x.dtype == pairs.dtype


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: DataLoader({"x": X}),
            TypeError,
            r"pass its values one by one: DataLoader\(data\['x'\], data\['y'\]\)",
        ),
        (lambda: DataLoader([[1.0], [1.0, 2.0]]), ValueError, "array 0 is a list whose parts differ in shape"),
        (lambda: DataLoader([]), ValueError, r"the data are empty \(shape \(0,\)\)"),
        (lambda: DataLoader(X, None), TypeError, "array 1 is a NoneType, expected an array of samples; pass NumPy"),
        (lambda: DataLoader(np.ma.array(X, mask=X > 0), Y), TypeError, "array 0: got a masked array"),
        (lambda: DataLoader(X, Y, shuffle=1), TypeError, "DataLoader: shuffle is 1, expected True or False"),
        (lambda: DataLoader(X, Y, prefetch=-1), ValueError, "DataLoader: prefetch is -1, expected at least 0"),
        (lambda: DataLoader(X, Y, rng="seed"), TypeError, "rng: got 'seed', expected a seed"),
        (lambda: DataLoader(X, Y).batches(-1), ValueError, "DataLoader: epoch is -1, expected at least 0"),
        (lambda: DataLoader(X, Y).batches(0, first=3), ValueError, "first is 3, but an epoch has 2 batches"),
        (
            lambda: DataLoader(X, Y).batches(0, first=1.0),
            TypeError,
            "DataLoader: first is 1.0, expected a whole number",
        ),
        (lambda: DataLoader(X, Y).order(1.5), TypeError, "DataLoader: epoch is 1.5, expected a whole number"),
    ],
)
def test_errors(call: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        call()


def test_settings_may_be_changed_later() -> None:
    loader = DataLoader(X, Y, rng=0)
    loader.batch_size, loader.shuffle, loader.drop_last, loader.prefetch = 8, True, True, 1
    assert (loader.n_samples, loader.n_batches) == (48, 6)
    same(loader, DataLoader(X, Y, batch_size=8, shuffle=True, drop_last=True, rng=0))
    loader.batch_size = 51
    with pytest.raises(
        ValueError, match="drop_last leaves no batch, because batch_size is 51 and there are 50 samples"
    ):
        next(iter(loader))
    with pytest.raises(ValueError, match="batch_size is 0"):
        loader.batch_size = 0


def test_a_batch_larger_than_the_data() -> None:
    (batch,) = DataLoader(X, Y, batch_size=1000, shuffle=True)
    assert isinstance(batch, Batch)
    assert sorted(batch.y) == list(range(50))
