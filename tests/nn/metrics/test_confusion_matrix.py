"""The confusion matrix counts pairs of classes."""

from __future__ import annotations

import numpy as np
import pytest

import nn

rng = np.random.default_rng(2)


def test_each_cell_counts_a_pair() -> None:
    y, t = rng.normal(size=(30, 4)), rng.integers(0, 3, size=30)  # no target of class 3
    matrix = nn.metrics.ConfusionMatrix()
    assert matrix.compute().shape == (0, 0)
    for i in range(0, 30, 7):
        matrix.update(y[i : i + 7], t[i : i + 7])
    predicted = y.argmax(axis=1)
    expected = [[((t == i) & (predicted == j)).sum() for j in range(4)] for i in range(4)]
    np.testing.assert_array_equal(matrix.compute(), expected)
    assert matrix.compute().dtype == np.int64
    accuracy = nn.metrics.Accuracy()
    accuracy.update(y, t)
    assert accuracy.compute() == matrix.compute().trace() / 30


def test_decisions_have_two_classes() -> None:
    matrix = nn.metrics.ConfusionMatrix(threshold=0)
    matrix.update(np.array([[-1.0], [2.0], [3.0]]), np.array([0, 0, 1]))
    np.testing.assert_array_equal(matrix.compute(), [[1, 1], [0, 1]])


def test_what_compute_returns_does_not_change_later() -> None:
    matrix = nn.metrics.ConfusionMatrix()
    matrix.update(np.eye(2), np.arange(2))
    before = matrix.compute()
    matrix.update(np.eye(2), np.arange(2))
    np.testing.assert_array_equal(before, np.eye(2))
    with pytest.raises(ValueError, match="got outputs of 3 classes after 2"):
        matrix.update(np.eye(3), np.arange(3))


def test_a_notebook_shows_a_table() -> None:
    matrix = nn.metrics.ConfusionMatrix()
    matrix.update(np.eye(3), np.array([0, 1, 1]))
    html = matrix._repr_html_()
    assert html is not None
    assert html.count('<th scope="row"') == 3
    assert "a row for each class" in html
    matrix.update(np.eye(3)[:1], np.array([2]))
    assert html != matrix._repr_html_()
    matrix.reset()
    matrix.update(np.zeros((1, 1000)), np.array([999]))
    assert matrix._repr_html_() is None  # the numbers, as repr shows them
