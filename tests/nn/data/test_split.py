"""split: two parts with the same share of each class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import Subset, split


@given(st.lists(st.integers(2, 30), min_size=1, max_size=6), st.floats(0.05, 0.9), st.integers(0, 99))
def test_each_class_has_its_share(counts: list[int], test_size: float, rng: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    n = len(labels)
    n_test = int(np.ceil(round(test_size * n, 9)))
    if n_test > n - len(counts):
        with pytest.raises(ValueError, match="test_size"):
            split(labels, test_size=test_size, rng=rng)
        return
    samples = np.arange(n)
    train, test, y_train, y_test = split(samples, labels, test_size=test_size, rng=rng)
    assert sorted([*train, *test]) == list(samples), "each sample is in one part"
    assert len(test) == n_test
    assert (labels[train] == y_train).all()
    assert (labels[test] == y_test).all()
    share = np.array(counts) * n_test / n
    taken = np.bincount(y_test, minlength=len(counts))
    assert (np.bincount(y_train, minlength=len(counts)) >= 1).all()
    spare = share <= np.array(counts) - 1
    if spare.all():
        assert (abs(taken - share) < 1).all()


@pytest.mark.oracle
@pytest.mark.parametrize("test_size", [0.2, 0.25, 0.5, 7, 31])
def test_the_parts_are_as_large_as_those_of_scikit_learn(test_size: float) -> None:
    train_test_split = pytest.importorskip("sklearn.model_selection").train_test_split
    labels = np.random.default_rng(0).permutation(np.repeat([0, 1, 2, 5], [50, 31, 12, 7]))
    ours = split(np.arange(100), labels, test_size=test_size)
    theirs = train_test_split(np.arange(100), labels, test_size=test_size, stratify=labels)
    for a, b in zip(ours, theirs, strict=True):
        assert a.shape == b.shape
    for part in (2, 3):
        assert (abs(np.bincount(ours[part]) - np.bincount(theirs[part])) <= 1).all()  # ties may go either way


def test_a_class_of_one_sample_is_for_training() -> None:
    labels = np.array([0] * 10 + [1] + [2] * 2)
    for rng in range(20):
        y_train, y_test = split(labels, test_size=0.5, rng=rng)
        assert 1 in y_train
        assert 2 in y_train
        assert len(y_test) == 7


def test_it_is_random_and_reproducible() -> None:
    x = np.arange(100)
    assert (split(x)[1] == split(x)[1]).all(), "the same parts in each run"
    assert (split(x, rng=1)[1] != split(x, rng=2)[1]).any()
    assert (split(x, rng=np.random.default_rng(5))[1] == split(x, rng=np.random.default_rng(5))[1]).all()
    assert (np.diff(split(x)[0]) < 0).any(), "in random order"


def test_what_is_stratified() -> None:
    labels = np.repeat([0, 1], [90, 10])
    skewed = [np.bincount(split(labels, test_size=0.2, rng=rng)[1], minlength=2)[1] for rng in range(20)]
    assert set(skewed) == {2}
    free = [np.bincount(split(labels, test_size=0.2, stratify=False, rng=rng)[1], minlength=2)[1] for rng in range(20)]
    assert len(set(free)) > 1
    names = np.where(labels, "dog", "cat")
    assert all((split(labels, stratify=names, rng=rng)[1] == 1).sum() == 2 for rng in range(20))
    split(np.arange(10))  # numbers that do not repeat are not classes
    split(np.linspace(0, 1, 10))
    split(np.zeros((10, 3)))


class Letters:
    """A data set that counts what is read of it."""

    classes = ("a", "b")
    preprocessing = "P"

    def __init__(self) -> None:
        self.labels = np.repeat([0, 1], [8, 4])
        self.read: list[int] = []

    def __len__(self) -> int:
        return 12

    def __getitem__(self, i: int) -> tuple[int, int]:
        self.read.append(i)
        return 100 + i, int(self.labels[i])


def test_a_data_set_is_split_into_subsets_without_reading_it() -> None:
    letters = Letters()
    train, test = split(letters, test_size=0.25)
    assert letters.read == []
    assert isinstance(train, Subset)
    assert (len(train), len(test)) == (9, 3)
    assert train.classes == test.classes == ("a", "b")
    assert train.preprocessing == "P"
    assert np.bincount(test.labels).tolist() == [2, 1]
    assert sorted(x for part in (train, test) for x, _ in [part[i] for i in range(len(part))]) == list(range(100, 112))
    assert [y for _, y in [test[i] for i in range(3)]] == test.labels.tolist()
    again = split(test, test_size=1)
    assert again[0].classes == ("a", "b")


def test_lists_of_samples_and_arrays_in_files(tmp_path: Path) -> None:
    train, test = split([("a", 0), ("b", 1), ("c", 0), ("d", 1), ("e", 0)])
    assert (len(train), len(test)) == (4, 1)
    assert train.labels is None
    np.save(tmp_path / "x.npy", np.arange(20).reshape(10, 2))
    x_train, x_test = split(np.load(tmp_path / "x.npy", mmap_mode="r"), test_size=3)
    assert (x_train.shape, x_test.shape) == ((7, 2), (3, 2))


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        ((), {}, TypeError, "no data were given"),
        (((np.zeros(4), np.zeros(4)),), {}, TypeError, r"got a tuple; .*split\(\*data\)"),
        ((np.zeros(4), np.zeros(5)), {}, ValueError, "lengths 4, 5, expected the same"),
        ((np.zeros(4), 0.3), {}, ValueError, "argument 1 is the single value 0.3; a size is written test_size=0.3"),
        ((iter([1, 2]),), {}, TypeError, "has no __len__"),
        (
            (Letters(), 0.2),
            {},
            TypeError,
            r"a data set, and 1 more by position; write split\(data, test_size=",
        ),
        ((np.zeros(4),), {"test_size": 1.5}, ValueError, "test_size is 1.5, expected a fraction"),
        ((np.zeros(4),), {"test_size": 4}, ValueError, "leaves none of 4 samples"),
        ((np.zeros(4),), {"test_size": 0.99}, ValueError, "leaves none of 4 samples"),
        ((np.zeros(4),), {"test_size": "half"}, TypeError, "expected a whole number"),
        (([1, 2, 3],), {"stratify": True}, TypeError, "the list has no attribute labels"),
        ((np.zeros(4),), {"stratify": [0, 1]}, ValueError, r"labels have shape \(2,\), expected \(4,\)"),
        ((np.zeros(4),), {"stratify": "yes"}, ValueError, "stratify is 'yes'"),
        (
            (np.repeat([0, 1, 2], 2),),
            {"test_size": 4},
            ValueError,
            "leaves 2 for the first part, fewer than its 3 classes",
        ),
    ],
)
def test_errors(data: tuple[Any, ...], options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        split(*data, **options)


def test_a_fraction_of_all_samples_is_not_rounded_up_by_rounding() -> None:
    assert len(split(np.arange(100), test_size=0.07)[1]) == 7


def test_subset() -> None:
    part = Subset(list("abcdef"), np.array([5, 0]))
    assert [*part] == ["f", "a"]
    with pytest.raises(IndexError):
        part[2]
    with pytest.raises(IndexError, match="sample 6 of 6, expected 0 to 5"):
        Subset(list("abcdef"), [0, 6])
    assert repr(part) == "<Subset: 2 of the 6 samples of list>"
    assert part.classes is part.preprocessing is part.labels is None


def test_a_subset_of_files_knows_their_paths() -> None:
    class Files(Letters):
        paths = tuple(Path(f"{i}.jpg") for i in range(12))

    part = Subset(Files(), [7, 0])
    assert part.paths == (Path("7.jpg"), Path("0.jpg"))
    assert Subset(part, [1]).paths == (Path("0.jpg"),)
    assert Subset("abc", [1]).paths is None
