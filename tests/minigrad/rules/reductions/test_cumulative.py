"""Cumulative sums and products on any axis, and zeros among the factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient


@given(arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    x = Tensor(value)
    for f in (np.cumsum, np.cumprod):
        np.testing.assert_array_equal(f(x, axis=axis).data, f(value, axis=axis))
        np.testing.assert_array_equal(getattr(x, f.__name__)(axis).data, f(value, axis))


def test_numbers_of_other_types() -> None:
    np.testing.assert_array_equal(mg.cumsum([[1, 2], [3, 4]], axis=0), [[1, 2], [4, 6]])
    assert mg.cumsum(np.ones(3, np.float32)).dtype == np.float32


def test_an_axis_that_does_not_exist() -> None:
    with pytest.raises(np.exceptions.AxisError):
        mg.cumsum(Tensor([1.0]), axis=1)


@pytest.mark.parametrize("value", [[0.0, 2.0, 3.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0, -1.0], [0.0]])
def test_derivatives_of_third_order_with_zeros(value: Any) -> None:
    mg.check_grads(mg.cumprod, value, order=3)


@pytest.mark.parametrize("value", [np.ones((0, 3)), np.zeros((3, 0))])
@pytest.mark.parametrize("f", [mg.cumprod, lambda x: mg.cumprod(x, axis=1)])
def test_products_of_an_empty_array(f: Any, value: Any) -> None:
    assert gradient(f, value).shape == value.shape


def test_the_names_of_the_array_api() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    y = mg.cumulative_sum(mg.Tensor(x), axis=1, include_initial=True)
    np.testing.assert_array_equal(y.data, [[0.0, 1.0, 3.0], [0.0, 3.0, 7.0]])
    y = mg.cumulative_prod(mg.Tensor(x), axis=0, include_initial=True)
    np.testing.assert_array_equal(y.data, [[1.0, 1.0], [1.0, 2.0], [3.0, 8.0]])
    assert mg.cumulative_sum(np.zeros((2, 0)), axis=1, include_initial=True).tolist() == [[0.0], [0.0]]
    assert mg.cumulative_prod(np.zeros(0), include_initial=True).tolist() == [1.0]
    if hasattr(np, "cumulative_sum"):
        for theirs, ours in ((np.cumulative_sum, mg.cumulative_sum), (np.cumulative_prod, mg.cumulative_prod)):
            np.testing.assert_array_equal(theirs(mg.Tensor(x), axis=1).data, ours(x, axis=1))
    for f in (mg.cumulative_sum, mg.cumulative_prod):
        for wrong in (x, 1.0):
            with pytest.raises(ValueError, match=rf"^{f.__name__}: got shape .* expected a vector, or an axis"):
                f(wrong)
