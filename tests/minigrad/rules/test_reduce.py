"""Reductions: shared ties, sums of large exponentials, empty axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.tensor import Tensor


def gradient(f: Any, value: Any) -> Any:
    x = Tensor(value, requires_grad=True)
    f(x).sum().backward()
    return x.grad


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(0, 2)), st.data())
def test_winners_share_one_error_signal_equally(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    for f, best in [(mg.max, value.max(axis, keepdims=True)), (mg.min, value.min(axis, keepdims=True))]:
        x_bar = gradient(lambda x, f=f: f(x, axis=axis), value)
        np.testing.assert_allclose(x_bar.sum(axis=axis), 1)
        winners = value == best
        np.testing.assert_array_equal(x_bar[~winners], 0)
        np.testing.assert_allclose(x_bar * winners.sum(axis=axis, keepdims=True), winners)


def test_softmax_sums_to_one_and_shifts_cancel() -> None:
    x = np.random.default_rng(0).normal(size=(3, 5))
    np.testing.assert_allclose(mg.softmax(x).sum(axis=-1), 1)
    np.testing.assert_allclose(mg.softmax(x + 1000), mg.softmax(x), rtol=1e-12)
    np.testing.assert_allclose(mg.log_softmax(x), np.log(mg.softmax(x)), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_exponents_neither_overflow_nor_warn(dtype: type) -> None:
    value = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, -1000.0]], dtype=dtype)
    shares = [[0.5, 0, 0.5], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(mg.softmax(value), shares, rtol=1e-6)
    np.testing.assert_allclose(mg.logsumexp(value, axis=1), [1000 + np.log(2), -1000 + np.log(3)], rtol=1e-6)
    np.testing.assert_allclose(gradient(lambda x: mg.logsumexp(x, axis=1), value), shares, rtol=1e-6)
    np.testing.assert_allclose(gradient(mg.softmax, value), 0, atol=1e-6)
    assert np.isfinite(gradient(mg.log_softmax, value)).all()


def test_impossible_outcomes() -> None:
    """A logit of −inf is a probability of 0 and adds nothing; log 0 is −inf, without a warning."""
    value = np.array([-np.inf, 0.0])
    np.testing.assert_array_equal(mg.softmax(value), [0, 1])
    np.testing.assert_array_equal(gradient(mg.logsumexp, value), [0, 1])
    assert mg.logsumexp(np.full(2, -np.inf)) == -np.inf


def test_empty_arrays() -> None:
    nothing = np.ones((0, 3))
    for f in (mg.sum, lambda x: mg.mean(x, axis=1), lambda x: mg.max(x, axis=1), mg.softmax):
        assert gradient(f, nothing).shape == (0, 3)


@pytest.mark.parametrize("axis", [2, -3, (0, 2)])
@pytest.mark.parametrize("f", [mg.sum, mg.mean, mg.max, mg.min, mg.logsumexp, mg.softmax, mg.log_softmax])
def test_axes_that_do_not_exist(f: Any, axis: Any) -> None:
    with pytest.raises(np.exceptions.AxisError):
        f(Tensor(np.ones((2, 3))), axis=axis)


def test_methods_are_the_functions() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 5.0]])
    for name in ("sum", "mean", "max", "min"):
        for how in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}):
            np.testing.assert_array_equal(getattr(x, name)(**how).data, getattr(x.data, name)(**how))
    assert x.argmax() == 3
    np.testing.assert_array_equal(x.argmax(axis=1), [1, 1])


def test_the_mean_of_half_precision_does_not_overflow() -> None:
    assert mg.mean(np.full(10_000, 10, np.float16)) == 10
