"""load_digits: scikit-learn's digits as arrays."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from nn.data import load_digits, split


@pytest.mark.oracle
def test_they_are_those_of_scikit_learn() -> None:
    theirs = pytest.importorskip("sklearn.datasets").load_digits()
    images, labels = load_digits()
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert (images == theirs.images).all()
    assert (labels == theirs.target).all()


def test_they_are_split_by_class() -> None:
    pytest.importorskip("sklearn")
    x_train, x_test, y_train, y_test = split(*load_digits(), test_size=0.2)
    assert x_train.shape == (1437, 8, 8)
    assert x_test.shape == (360, 8, 8)
    assert abs(np.bincount(y_train) / 4 - np.bincount(y_test)).max() <= 1.5


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="scikit-learn, which is not installed; pip install scikit-learn"):
        load_digits()
