"""The largest and the smallest element: ties, NaN, and empty arrays."""

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


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(0, 2)), st.data())
def test_ties_share_one_error_signal_equally(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    for f, best in [(mg.max, value.max(axis, keepdims=True)), (mg.min, value.min(axis, keepdims=True))]:
        x_bar = gradient(lambda x, f=f: f(x, axis=axis), value)
        np.testing.assert_allclose(x_bar.sum(axis=axis), 1)
        winners = value == best
        np.testing.assert_array_equal(x_bar[~winners], 0)
        np.testing.assert_allclose(x_bar * winners.sum(axis=axis, keepdims=True), winners)


def test_peak_to_peak_over_all_axes_is_a_number() -> None:
    assert mg.ptp(np.ones((2, 3))).shape == ()


@pytest.mark.parametrize(("f", "other", "best"), [(mg.max, 9.0, "largest"), (mg.min, -9.0, "smallest")])
def test_nan_wins_without_a_warning(f: Any, other: float, best: str) -> None:
    value = [[np.nan, other, np.nan], [1.0, other, other]]
    x = Tensor(value, requires_grad=True)
    y = f(x, axis=1)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [np.nan, other])
    np.testing.assert_array_equal(x.grad, [[0.5, 0, 0.5], [0, 0.5, 0.5]])
    for axis in (None, 0):
        with pytest.raises(ValueError, match=rf"shape \(0, 3\) has no {best} element"):
            f(Tensor(np.ones((0, 3))), axis=axis)
