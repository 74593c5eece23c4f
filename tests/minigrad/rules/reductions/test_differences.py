"""Differences along an axis, and areas under curves: NumPy's values on any axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.integers(-value.ndim, value.ndim - 1))
    x = Tensor(value)
    np.testing.assert_array_equal(np.diff(x, 2, axis).data, np.diff(value, 2, axis))
    np.testing.assert_array_equal(np.trapezoid(x, dx=2.0, axis=axis).data, np.trapezoid(value, dx=2.0, axis=axis))


def test_differences_of_booleans() -> None:
    np.testing.assert_array_equal(mg.diff([True, False, False]), [True, False])


def test_differences_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="single number"):
        mg.diff(Tensor(1.0))
    with pytest.raises(ValueError, match="got -1"):
        mg.diff(Tensor([1.0]), n=-1)
    assert mg.diff(Tensor([1.0]), n=3).shape == (0,)
