"""Reductions that ignore NaN, which gets no error signal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor

_FUNCTIONS = [np.nansum, np.nanmean, np.nanmax, np.nanmin]
_numbers = st.sampled_from([np.nan, -1.0, 0.0, 2.5])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", _FUNCTIONS)
@given(arrays(np.float64, array_shapes(max_dims=2, max_side=3), elements=_numbers), st.data())
def test_values_agree_with_numpy_and_nan_gets_no_error_signal(f: Any, value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(value.ndim)]))
    x = Tensor(value, requires_grad=True)
    y = f(x, axis=axis)
    np.testing.assert_allclose(y.data, f(value, axis=axis))
    y.sum().backward()
    np.testing.assert_array_equal(x.grad[np.isnan(value)], 0)
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("f", [mg.nanmean, mg.nanmax, mg.nanmin])
def test_nothing_but_nan_warns(f: Any) -> None:
    x = Tensor([[np.nan, np.nan], [1.0, np.nan]], requires_grad=True)
    with pytest.warns(RuntimeWarning, match="nothing but NaN") as warned:
        y = f(x, axis=1)
    assert warned[0].filename == __file__  # the line that called
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [np.nan, 1])
    np.testing.assert_array_equal(x.grad, [[0, 0], [1, 0]])


def test_integers_have_no_nan() -> None:
    assert mg.nanmax([1, 3, 2]) == 3
    assert mg.nanmean(np.array([1, 2])) == 1.5
    assert mg.nansum(Tensor([1.0, np.nan], dtype=np.float32)).dtype == np.float32
