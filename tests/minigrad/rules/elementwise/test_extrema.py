"""Maximum and minimum of two arguments: ties and NaN; clip at its limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradients


@pytest.mark.parametrize("f", [mg.maximum, mg.minimum])
def test_ties_share_equally(f: Any) -> None:
    x_bar, y_bar = gradients(f, [1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    np.testing.assert_array_equal(x_bar + y_bar, 1)  # the whole error signal, no more and no less
    assert x_bar[1] == y_bar[1] == 0.5


def test_maximum_with_itself() -> None:
    np.testing.assert_array_equal(gradients(lambda x: mg.maximum(x, x), [2.0])[0], [1.0])


@pytest.mark.parametrize(("f", "both"), [(mg.fmax, max), (mg.fmin, min)])
def test_fmax_and_fmin_ignore_nan(f: Any, both: Any) -> None:
    nan = np.nan
    x, y = [1.0, nan, 1.0, 2.0, nan], [nan, 2.0, 3.0, 2.0, nan]
    np.testing.assert_array_equal(f(x, y), [1, 2, both(1, 3), 2, nan])
    x_bar, y_bar = gradients(f, x, y)
    np.testing.assert_array_equal(x_bar, [1, 0, f is mg.fmin, 0.5, 0])
    np.testing.assert_array_equal(y_bar, [0, 1, f is mg.fmax, 0.5, 0])


def test_nan_changes_nothing_for_other_elements() -> None:
    for f, lost in [(mg.maximum, [0.0, 0.0, 1.0]), (mg.minimum, [0.0, 1.0, 0.0])]:
        x = Tensor([0.0, 1.0, 2.0], requires_grad=True)
        y = Tensor([np.nan, 3.0, 1.0], requires_grad=True)
        f(x, y).sum().backward()
        np.testing.assert_array_equal(x.grad, lost)
        np.testing.assert_array_equal(y.grad, 1 - np.array(lost))


def test_at_a_limit_x_gets_the_full_error_signal() -> None:
    x_bar, low_bar, high_bar = gradients(np.clip, [-1.0, 0.0, 0.5, 1.0, 2.0], 0.0, 1.0)
    np.testing.assert_array_equal(x_bar, [0, 1, 1, 1, 0])
    assert (low_bar, high_bar) == (1, 1)


def test_limits_in_the_wrong_order() -> None:
    """As in NumPy, the upper limit wins."""
    x_bar, low_bar, high_bar = gradients(np.clip, [-1.0, 0.5, 2.0], 1.0, 0.0)
    np.testing.assert_array_equal(np.clip([-1.0, 0.5, 2.0], 1.0, 0.0), 0)
    np.testing.assert_array_equal(x_bar, 0)
    assert (low_bar, high_bar) == (0, 3)


limits = st.none() | st.floats(-3, 3)


@given(st.lists(st.floats(-5, 5) | st.just(np.nan), min_size=1, max_size=5), limits, limits)
def test_clip_agrees_with_numpy(values: list[float], low: Any, high: Any) -> None:
    x = Tensor(values, requires_grad=True)
    expected = np.clip(x.data, low, high)
    for y in (mg.clip(x, low, high), np.clip(x, low, high), np.clip(x, min=low, max=high), x.clip(low, high)):
        np.testing.assert_array_equal(y.data, expected)
    if low is not None or high is not None:
        np.clip(x, a_min=low, a_max=high).sum().backward()
        np.testing.assert_array_equal(x.grad, np.isnan(x.data) | (expected == x.data))


def test_clip_of_plain_arrays_and_lists() -> None:
    np.testing.assert_array_equal(mg.clip([1, 5, 9], 2, 6), [2, 5, 6])
    assert mg.clip(np.array([1, 5]), 2, 6).dtype == int
    assert mg.clip(np.zeros((0, 2)), 0, 1).shape == (0, 2)
