"""Batch: a tuple of arrays that knows its samples."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import nn
from nn.data import Batch


def test_it_is_a_tuple_and_knows_its_samples() -> None:
    x, y = np.zeros((2, 3)), np.array([1, 0])
    batch = Batch((x, y), np.array([8, 5]))
    assert isinstance(batch, tuple)
    assert batch.x is x
    assert batch.y is y
    a, b = batch
    assert a is x
    assert b is y
    assert repr(batch) == "<Batch of 2 samples: (2, 3), (2,)>"


def test_its_copies_know_them_too() -> None:
    batch = Batch([np.zeros((2, 3)), np.array([1, 0])], np.array([8, 5]))
    for twin in (copy.copy(batch), copy.deepcopy(batch), pickle.loads(pickle.dumps(batch))):
        assert type(twin) is Batch
        np.testing.assert_array_equal(twin.samples, batch.samples)
        for a, b in zip(twin, batch, strict=True):
            np.testing.assert_array_equal(a, b)


def test_inputs_alone_have_no_targets() -> None:
    with pytest.raises(IndexError, match=r"has 1 array, and no targets; make the loader of two: DataLoader\(x, y\)"):
        _ = Batch([np.zeros(2)], np.arange(2)).y


def test_it_is_not_one_array() -> None:
    batch = Batch([np.zeros((2, 2)), np.array([1, 0])], np.arange(2))
    with pytest.raises(TypeError, match=r"a tuple of arrays, .*write x, y = batch, model\(x\)"):
        nn.Linear(2, 3)(batch)
