"""Running sums and products, differences, areas: NumPy's values on any axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


@given(arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_are_numpys(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    x = Tensor(value)
    for f in (np.cumsum, np.cumprod):
        np.testing.assert_array_equal(f(x, axis=axis).data, f(value, axis=axis))
        np.testing.assert_array_equal(getattr(x, f.__name__)(axis).data, f(value, axis))
    if axis is not None:
        np.testing.assert_array_equal(np.diff(x, 2, axis).data, np.diff(value, 2, axis))
        np.testing.assert_array_equal(np.trapezoid(x, dx=2.0, axis=axis).data, np.trapezoid(value, dx=2.0, axis=axis))


def test_a_single_number_is_a_row_of_one() -> None:
    x = Tensor(3.0, requires_grad=True)
    for f in (mg.cumsum, mg.cumprod, lambda x: mg.cumsum(x, axis=0), mg.sort):
        assert f(x).shape == (1,)
        x.zero_grad()
        f(x).backward()
        assert x.grad == 1


def test_numbers_of_other_types() -> None:
    np.testing.assert_array_equal(mg.diff([True, False, False]), [True, False])
    np.testing.assert_array_equal(mg.cumsum([[1, 2], [3, 4]], axis=0), [[1, 2], [4, 6]])
    assert mg.cumsum(np.ones(3, np.float32)).dtype == np.float32


def test_differences_of_nothing() -> None:
    with pytest.raises(ValueError, match="single number"):
        mg.diff(Tensor(1.0))
    with pytest.raises(ValueError, match="got -1"):
        mg.diff(Tensor([1.0]), n=-1)
    with pytest.raises(np.exceptions.AxisError):
        mg.cumsum(Tensor([1.0]), axis=1)
    assert mg.diff(Tensor([1.0]), n=3).shape == (0,)
