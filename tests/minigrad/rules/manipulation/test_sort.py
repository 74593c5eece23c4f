"""Sorting and partitioning: ties and NaN, and where each error signal goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_are_numpys(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    x = Tensor(value, requires_grad=True)
    y = np.sort(x, axis=axis, kind="stable")
    np.testing.assert_array_equal(y.data, np.sort(value, axis=axis))
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * value)  # each place belongs to one element


@given(arrays(np.float64, st.integers(1, 12), elements=st.integers(-3, 3)), st.data())
def test_partition_puts_the_chosen_rank_in_its_place(value: Any, data: Any) -> None:
    kth = data.draw(st.integers(-len(value), len(value) - 1))
    x = Tensor(value, requires_grad=True)
    y = np.partition(x, kth)
    place = kth % len(value)
    assert y.data[place] == np.sort(value)[place]
    assert (y.data[:place] <= y.data[place]).all()
    assert (y.data[place:] >= y.data[place]).all()
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * value)


def test_of_elements_that_tie_the_first_stays_first() -> None:
    np.testing.assert_array_equal(gradient(mg.sort, [1.0, 0.0, 1.0, 0.0], [1, 2, 3, 4]), [3, 1, 4, 2])


def test_nan_comes_last() -> None:
    np.testing.assert_array_equal(mg.sort([[np.nan, 1.0, 0.0], [5.0, 3.0, 4.0]]), [[0, 1, np.nan], [3, 4, 5]])


def test_a_rank_out_of_range() -> None:
    with pytest.raises(ValueError, match="kth"):
        mg.partition(Tensor([1.0, 2.0]), 2)


@pytest.mark.parametrize("dtype", "bhilBHILefdFD")
def test_sorted_complex_numbers_have_the_dtype_of_numpys_or_stay_in_single_precision(dtype: str) -> None:
    x = np.array([[2, 1], [0, 3]], dtype)
    expected = np.sort_complex(x).astype(np.complex64 if dtype in "ef" else np.sort_complex(x).dtype)
    np.testing.assert_array_equal(np.sort_complex(Tensor(x)).data, expected, strict=True)
