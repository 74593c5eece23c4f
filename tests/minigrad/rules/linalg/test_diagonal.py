"""Diagonals: what is beside them is 0, and gets nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.rules.linalg.diagonal import on_diagonal


@given(array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=3), st.integers(-4, 4), st.data())
def test_each_element_gets_the_signal_of_its_place(shape: Any, offset: int, data: Any) -> None:
    """With the elements' own numbers as error signal, each element of the diagonal must get its number."""
    axis1, axis2 = data.draw(st.permutations(range(len(shape))))[:2]
    axis1 -= len(shape) * data.draw(st.booleans())
    numbers = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    x = Tensor(numbers, requires_grad=True)
    y = np.diagonal(x, offset, axis1, axis2)
    expected = np.diagonal(numbers, offset, axis1, axis2)
    np.testing.assert_array_equal(y.data, expected)
    y.backward(expected)
    np.testing.assert_array_equal(x.grad, np.where(np.isin(numbers, expected), numbers, 0))
    x.zero_grad()
    total = np.trace(x, offset, axis1, axis2)
    np.testing.assert_array_equal(total.data, expected.sum(axis=-1))
    total.sum().backward()
    np.testing.assert_array_equal(x.grad, np.isin(numbers, expected))


def test_numpys_functions_and_methods_reach_them() -> None:
    a = np.arange(12.0).reshape(2, 2, 3)
    for f in (
        np.trace, np.diagonal, np.linalg.trace, np.linalg.diagonal, lambda x: np.linalg.trace(x, offset=1),
        lambda x: np.linalg.diagonal(x, offset=-1), lambda x: x.trace(), lambda x: x.diagonal(1),
        lambda x: np.diag(x[0]), lambda x: np.diag(x[0, 0], -1),
        np.diagflat, lambda x: np.diagflat(x[0], -2), lambda x: np.diagflat(x[0, 0, 0], 1),
    ):  # fmt: skip
        np.testing.assert_array_equal(f(Tensor(a)).data, f(a))


def test_plain_arrays_and_lists() -> None:
    np.testing.assert_array_equal(mg.diag([1, 2]), [[1, 0], [0, 2]])
    assert mg.trace([[1, 2], [3, 4]]) == 5


def test_a_stack_of_vectors_becomes_a_stack_of_diagonal_matrices() -> None:
    v = np.arange(1.0, 13.0).reshape(2, 2, 3)
    np.testing.assert_array_equal(on_diagonal(v), v[..., None] * np.eye(3))


def test_what_has_no_diagonal() -> None:
    with pytest.raises(ValueError, match=r"diagonal: expected two axes or more, got shape \(2,\)"):
        mg.diagonal(Tensor([1.0, 2.0]))
    with pytest.raises(ValueError, match="trace: expected two axes"):
        mg.trace(1.0)
    with pytest.raises(ValueError, match="diag: expected a vector or a matrix"):
        mg.diag(Tensor(np.ones((2, 2, 2))))
    with pytest.raises(ValueError, match="ax"):
        mg.diagonal(Tensor(np.ones((2, 2))), axis1=1)
