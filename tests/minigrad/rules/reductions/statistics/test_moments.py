"""Mean, variance, standard deviation, and weighted average: precision, and equal numbers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


@given(arrays(np.float64, array_shapes(max_dims=3, min_side=2, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim), (0, -1) if value.ndim > 1 else (0,)]))
    params = {"axis": axis, "ddof": data.draw(st.sampled_from([0, 1])), "keepdims": data.draw(st.booleans())}
    x = Tensor(value, requires_grad=True)
    for f in (np.var, np.std):
        np.testing.assert_array_equal(f(x, **params).data, f(value, **params))
        y = getattr(x, f.__name__)(**params)
        x.zero_grad()
        y.sum().backward()
        np.testing.assert_allclose(x.grad.sum(axis=axis), 0, atol=1e-12)  # a shift changes no variance


def test_the_mean_over_all_axes_is_a_number() -> None:
    assert mg.mean(np.ones((2, 3))).shape == ()


@pytest.mark.parametrize("axis", [0, 1])
def test_the_mean_of_an_empty_array_has_an_empty_gradient(axis: int) -> None:
    x = Tensor(np.ones((0, 3)), requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of nothing
        y = mg.mean(x, axis)
    y.sum().backward()
    assert x.grad.shape == (0, 3)


def test_the_mean_of_half_precision_does_not_overflow() -> None:
    assert mg.mean(np.full(10_000, 10, np.float16)) == 10


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_large_mean_costs_no_digits(dtype: type) -> None:
    small = np.array([1.0, 2.0, 4.0], dtype)
    x = Tensor(small + dtype(2**20), requires_grad=True)
    mg.var(x).backward()
    expected = 2 * (small - small.mean()) / 3
    assert x.grad.dtype == dtype
    np.testing.assert_allclose(x.grad, expected, rtol=0, atol=np.finfo(dtype).eps * 2**20)
    np.testing.assert_allclose(mg.var(x.data), small.var(), rtol=0.01 if dtype == np.float32 else 1e-9)


def test_the_standard_deviation_of_equal_numbers_has_slope_0() -> None:
    x = Tensor([[2.0, 2.0, 2.0], [1.0, 2.0, 3.0]], requires_grad=True)
    mg.std(x, axis=1).sum().backward(create_graph=True)
    np.testing.assert_array_equal(x.grad.data[0], 0)
    np.testing.assert_allclose(x.grad.data[1], [-1 / np.sqrt(6), 0, 1 / np.sqrt(6)], atol=1e-15)
    slope, x.grad = x.grad, None
    (slope * np.arange(6.0).reshape(2, 3)).sum().backward()
    np.testing.assert_array_equal(x.grad[0], np.nan)  # the slope jumps there: its derivative is infinite times 0
    assert np.isfinite(x.grad[1]).all()


def test_not_enough_degrees_of_freedom() -> None:
    x = Tensor([1.0], requires_grad=True)
    for f in (mg.var, mg.std):
        with pytest.warns(RuntimeWarning):
            y = f(x, ddof=1)
        x.zero_grad()
        y.backward()  # and no second warning
        assert np.isnan(y.data)
        assert np.isnan(x.grad).all()


@pytest.mark.parametrize("f", [mg.var, mg.std])
def test_variance_of_an_empty_array(f: Any) -> None:
    x = Tensor(np.zeros((0, 3)), requires_grad=True)
    f(x, axis=1).sum().backward()
    assert x.grad.shape == (0, 3)


def test_correction_is_another_name_for_ddof() -> None:
    x = Tensor([1.0, 3.0])
    assert mg.var(x, correction=1) == 2
    with pytest.raises(ValueError, match="two names"):
        mg.std(x, ddof=1, correction=1)


def test_weights_that_do_not_fit() -> None:
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"weights have shape \(3,\).*\(2, 3\)"):
        mg.average(x, weights=np.ones(3))
    with pytest.raises(ValueError, match="one weight"):
        mg.average(x, axis=0, weights=np.ones(3))
    with pytest.raises(ZeroDivisionError, match="sum to 0"):
        mg.average(x, axis=1, weights=[1.0, -1.0, 0.0])
    assert np.average(x, axis=1, weights=Tensor([1.0, 0.0, 0.0], requires_grad=True)).requires_grad


@pytest.mark.parametrize("weights", [np.float16, np.float32, np.float64, np.int8, np.int64, np.bool_])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64])
def test_an_average_has_the_type_and_precision_of_numpys(dtype: Any, weights: Any) -> None:
    rng = np.random.default_rng(0)
    x, w = (10 * rng.random(300)).astype(dtype), (2 + 30 * rng.random(300)).astype(weights)
    average, expected = mg.average(Tensor(x), weights=w), np.average(x, weights=w)
    assert average.dtype == expected.dtype
    np.testing.assert_allclose(average.data, expected, rtol=8 * np.finfo(expected.dtype).eps)


@pytest.mark.parametrize(
    ("shape", "axis"), [((), None), ((1,), None), ((1,), 0), ((1, 1), None), ((3, 1), 1), ((1, 1), (0, 1))]
)
def test_the_deviation_of_one_number_is_constant(shape: Any, axis: Any) -> None:
    mg.check_grads(lambda x: mg.std(x, axis), np.full(shape, 2.0), order=2)
