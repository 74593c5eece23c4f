"""Reductions: shared ties, sums of large exponentials, empty axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


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
    for name in ("sum", "mean", "max", "min", "prod", "var", "std"):
        for how in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}):
            np.testing.assert_array_equal(getattr(x, name)(**how).data, getattr(x.data, name)(**how))
    assert x.argmax() == 3
    np.testing.assert_array_equal(x.argmax(axis=1), [1, 1])


def test_the_mean_of_half_precision_does_not_overflow() -> None:
    assert mg.mean(np.full(10_000, 10, np.float16)) == 10


_ONE_NUMBER = [mg.sum, mg.mean, mg.prod, mg.max, mg.min, mg.var, mg.std, mg.ptp, mg.norm, mg.vector_norm, mg.median]
_ONE_NUMBER += [mg.average, mg.nansum, mg.nanmean, mg.nanmax, mg.nanmin, mg.logsumexp, mg.softmax, mg.log_softmax]


@pytest.mark.parametrize("f", _ONE_NUMBER)
def test_a_single_number_is_its_own_axis(f: Any) -> None:
    """As for np.sum of a number; recorded twice over, the axis is still known."""
    for axis in (0, -1, (0,), None):
        x = Tensor(3.0, requires_grad=True)
        y = f(x, axis=axis)
        assert y.shape == ()
        y.backward(create_graph=True)
        assert x.grad.shape == ()
    with pytest.raises(np.exceptions.AxisError, match="single number"):
        f(Tensor(3.0), axis=1)


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


def test_reductions_of_nothing() -> None:
    x = Tensor(np.ones((0, 3)), requires_grad=True)
    for f, value in [(mg.sum, 0), (mg.prod, 1), (mg.logsumexp, -np.inf), (mg.norm, 0), (mg.nansum, 0)]:
        y = f(x)
        assert y == value
        x.zero_grad()
        y.backward()
        assert x.grad.shape == (0, 3)
    with pytest.warns(RuntimeWarning):
        y = mg.mean(x)
    x.zero_grad()
    y.backward()
    assert np.isnan(y.data)
    assert x.grad.shape == (0, 3)
    for f in (mg.softmax, mg.log_softmax):
        assert f(Tensor(np.ones((3, 0)))).shape == (3, 0)


def test_a_row_of_impossible_outcomes_has_no_shares() -> None:
    value = np.array([[-np.inf, -np.inf], [0.0, -np.inf]])
    for f, second in [(mg.softmax, [1, 0]), (mg.log_softmax, [0, -np.inf])]:
        with pytest.warns(RuntimeWarning, match="invalid value"):
            y = f(value)
        np.testing.assert_array_equal(y, [[np.nan, np.nan], second])


def test_numpys_functions_of_more_names() -> None:
    x = Tensor([[1.0, 5.0], [2.0, 0.0]])
    for name in ("amax", "amin", "ptp", "std", "var", "prod", "median", "average", "nanmax", "cumsum"):
        found, expected = getattr(np, name)(x, axis=0), getattr(np, name)(x.data, axis=0)
        np.testing.assert_array_equal(found.data, expected)
    np.testing.assert_array_equal(np.std(x, axis=0, ddof=1, keepdims=True).data, np.std(x.data, 0, ddof=1, keepdims=1))
