"""Triangles of matrices: the other triangle is 0, and gets nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy

some_shape = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


@given(some_shape, st.integers(-4, 4))
def test_triangles(shape: Any, k: int) -> None:
    for shape_of_two in ((2, *shape), (*shape, 2, 3)):
        assert_moves_elements_as_numpy(lambda x: np.triu(x, k), shape_of_two)
        assert_moves_elements_as_numpy(lambda x: np.tril(x, k), shape_of_two)


def test_nothing_comes_out_of_the_other_triangle() -> None:
    x = Tensor([[1.0, 2.0], [np.nan, 3.0]], requires_grad=True)
    y = np.triu(x)
    y.backward([[1.0, 1.0], [np.nan, 1.0]])
    np.testing.assert_array_equal(y.data, [[1, 2], [0, 3]])
    np.testing.assert_array_equal(x.grad, [[1, 1], [0, 1]])


def test_a_list_will_do() -> None:
    found = mg.tril([[1.0, 2.0]])
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, [[1, 0]])


def test_a_fractional_diagonal() -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        mg.triu(Tensor(np.ones((2, 3))), 0.5)
