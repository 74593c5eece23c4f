"""DataLoader: each sample once in an epoch, with inputs and targets together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import DataLoader


@given(
    n=st.integers(1, 50),
    batch_size=st.integers(1, 60),
    shuffle=st.booleans(),
    drop_last=st.booleans(),
    seed=st.integers(0),
)
def test_every_sample_once(n: int, batch_size: int, shuffle: bool, drop_last: bool, seed: int) -> None:
    if drop_last and n < batch_size:
        batch_size = n
    x, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    loader = DataLoader(x, y, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, rng=seed)
    batches = list(loader)
    assert len(batches) == len(loader)
    assert sum(len(b) for _, b in batches) == loader.n_samples
    assert all(len(a) == len(b) == batch_size for a, b in batches[:-1])
    for a, b in batches:
        np.testing.assert_array_equal(a, x[b])  # images stay with their labels
    seen = np.concatenate([b for _, b in batches])
    assert len(set(seen.tolist())) == len(seen) == (n - n % batch_size if drop_last else n)
    if not shuffle:
        np.testing.assert_array_equal(seen, y[: len(seen)])


def test_each_epoch_has_its_own_reproducible_order() -> None:
    loader, again = (DataLoader(np.arange(100), batch_size=100, shuffle=True, rng=3) for _ in range(2))
    ((first,),), ((second,),) = loader, loader
    assert first.tolist() != second.tolist()
    assert sorted(first.tolist()) == list(range(100))
    for batch in (first, second):
        ((repeated,),) = again
        np.testing.assert_array_equal(batch, repeated)


def test_it_draws_its_seed_from_the_generator_passed_and_leaves_the_global_state_alone() -> None:
    before = np.random.get_state()  # noqa: NPY002 - to see that it is left alone
    rng = np.random.default_rng(5)
    loaders = [DataLoader(np.arange(20), batch_size=20, shuffle=True, rng=rng) for _ in range(2)]
    again = DataLoader(np.arange(20), batch_size=20, shuffle=True, rng=np.random.default_rng(5))
    assert loaders[0].seed == again.seed != loaders[1].seed
    np.testing.assert_array_equal(loaders[0].order(3), again.order(3))
    after = np.random.get_state()  # noqa: NPY002
    assert before[2] == after[2]  # type: ignore[index]
    np.testing.assert_array_equal(before[1], after[1])  # type: ignore[index]


def test_batches_are_views_unless_shuffled() -> None:
    x = np.zeros((10, 3))
    assert all(np.shares_memory(x, batch) for (batch,) in DataLoader(x, batch_size=4))
    assert not any(np.shares_memory(x, batch) for (batch,) in DataLoader(x, batch_size=4, shuffle=True))


def test_shuffling_with_drop_last_leaves_out_different_samples_each_epoch() -> None:
    loader = DataLoader(np.arange(5), batch_size=4, drop_last=True, shuffle=True, rng=0)
    assert {int(n) for _ in range(50) for (batch,) in loader for n in batch} == set(range(5))


def test_two_loops_at_once_do_not_disturb_each_other() -> None:
    loader = DataLoader(np.arange(4), batch_size=2)
    assert [(a.tolist(), b.tolist()) for (a,), (b,) in zip(loader, loader, strict=True)] == [
        ([0, 1], [0, 1]),
        ([2, 3], [2, 3]),
    ]


def test_two_shuffled_loops_at_once_each_see_every_sample() -> None:
    loader = DataLoader(np.arange(20), batch_size=2, shuffle=True, rng=0)
    pairs = [(a, b) for (a,), (b,) in zip(loader, loader, strict=True)]
    for batches in zip(*pairs, strict=True):
        assert sorted(np.concatenate(batches)) == list(range(20))


def test_lists_are_taken_as_arrays() -> None:
    ((x, y),) = DataLoader([[1.0, 2.0], [3.0, 4.0]], [0, 1])
    assert x.shape == (2, 2)
    assert y.dtype == np.int64


@pytest.mark.parametrize(
    ("arrays", "options", "error", "text"),
    [
        ([], {}, ValueError, r"no arrays were given; write DataLoader\(images, labels, batch_size=32\)"),
        ([np.zeros((5, 2)), np.zeros(4)], {}, ValueError, r"lengths 5, 4 \(shapes \(5, 2\), \(4,\)\)"),
        ([np.zeros((0, 28, 28))], {}, ValueError, r"empty \(shape \(0, 28, 28\)\)"),
        ([np.zeros(4), 32], {}, ValueError, "array 1 is the single number 32.*batch_size=32"),
        ([np.zeros(4), np.array([None] * 4)], {}, TypeError, "array 1 holds Python objects, .*; pass a NumPy array"),
        ([np.zeros(2), b"a" * 999], {}, TypeError, "is the text .{70,80}; of a file"),
        ([np.zeros(2), np.array(["a", "b"], object)], {}, TypeError, r"names, y = np\.unique\(y\.astype\(str\)"),
        ([np.zeros(2), np.array([1, np.int64(0)], object)], {}, TypeError, r"; write y\.astype\(int\)"),
        ([np.zeros(4)], {"batch_size": 0}, ValueError, "batch_size is 0, expected at least 1"),
        ([np.zeros(4)], {"batch_size": -3}, ValueError, "batch_size is -3, expected at least 1"),
        ([np.zeros(4)], {"batch_size": 2.0}, TypeError, "batch_size is 2.0, expected a whole number"),
        ([np.zeros(4)], {"batch_size": True}, TypeError, "batch_size is True"),
        (
            [np.zeros(4)],
            {"drop_last": True},
            ValueError,
            "no batch, because.*32.*4 samples; choose.*at most 4",
        ),
    ],
)
def test_errors(arrays: list[Any], options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        DataLoader(*arrays, **options)
