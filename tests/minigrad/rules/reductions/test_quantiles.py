"""Median and quantiles: ties, NaN, empty arrays, and every q."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    x = Tensor(value, requires_grad=True)
    axes = data.draw(st.sampled_from([axis, (0,), (-1, 0) if value.ndim > 1 else None]))
    params = {"axis": axes, "keepdims": data.draw(st.booleans())}
    np.testing.assert_allclose(np.median(x, **params).data, np.median(value, **params))
    q = data.draw(st.sampled_from([0, 1, 0.37, [0.5], [[0.1, 1.0]]]))
    np.testing.assert_allclose(np.quantile(x, q, **params).data, np.quantile(value, q, **params), atol=1e-14)
    x_bar = gradient(lambda x: mg.quantile(x, 0.37, **params).sum(), value)
    np.testing.assert_allclose(x_bar.sum(axis=axes), 1)


def test_nan_makes_the_median_nan() -> None:
    value = [[np.nan, 1.0, 0.0], [5.0, 3.0, 4.0]]
    for f in (mg.median, lambda x, axis: mg.quantile(x, [0.5, 0.5], axis)):
        x = Tensor(value, requires_grad=True)
        y = f(x, axis=1)
        np.testing.assert_array_equal(y.data, np.broadcast_to([np.nan, 4], y.shape))
        y.sum().backward()
        np.testing.assert_array_equal(x.grad > 0, [[True, False, False], [False, False, True]])


def test_infinite_numbers_have_a_median() -> None:
    np.testing.assert_array_equal(mg.median([1.0, np.inf, np.inf]), np.inf)
    np.testing.assert_array_equal(mg.quantile([1.0, 2.0, np.inf], [0, 0.5]), [1, 2])
    np.testing.assert_array_equal(mg.quantile([1.0, np.inf, np.inf], [0.5, 1]), [np.inf, np.inf])


@pytest.mark.parametrize("f", [mg.median, lambda x: mg.quantile(x, 0.3)])
def test_the_median_of_an_empty_array(f: Any) -> None:
    x = Tensor(np.ones((0, 2)), requires_grad=True)
    with pytest.warns(RuntimeWarning):
        y = f(x)
    assert np.isnan(y.data)
    y.backward()
    assert x.grad.shape == (0, 2)


def test_integers_and_lists() -> None:
    assert mg.median([3, 1, 2]) == 2
    assert isinstance(mg.median([3, 1, 2]), float)
    assert mg.median(np.float32([1, 2, 4, 9])).dtype == np.float32
    np.testing.assert_array_equal(mg.percentile([[1, 2], [3, 5]], 50, axis=0), [2, 3.5])


def test_invalid_q() -> None:
    x = Tensor([1.0, 2.0])
    for q in (50.0, 1.1, -0.1, [0.5, -0.1]):
        with pytest.raises(ValueError, match=rf"from 0 to 1; got {re.escape(str(np.array(q)))} \(percentile"):
            mg.quantile(x, q)
    with pytest.raises(TypeError, match="q requires gradients"):
        mg.quantile(x, Tensor(0.5, requires_grad=True))


def test_a_derivation_says_where_the_error_signal_goes() -> None:
    x = Tensor([3.0, 1.0, 2.0], requires_grad=True, name="x")
    text = str(mg.explain(mg.median(x).named("L")))
    assert "L = sort(x)[1]" in text
    assert "x̄ = (L̄ at [1]) at argsort" in text


# ---------------------------------------------------------------- weights
@given(arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=st.sampled_from([-1.0, 0.5, 2.0])), st.data())
def test_weighted_quantiles_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(value.ndim)]))
    with_nan = np.where(data.draw(arrays(bool, value.shape)), np.nan, value)
    weights = data.draw(arrays(float, value.shape, elements=st.sampled_from([0.0, 0.25, 0.75, 3.0])))
    left = np.where(np.isnan(with_nan), 0, weights).sum(axis=axis)
    assume(((left > 0) | np.isnan(with_nan).all(axis=axis)).all() and (weights.sum(axis=axis) > 0).all())
    how: Any = {"axis": axis, "weights": weights, "method": "inverted_cdf"}
    q = [0.1, 0.3, 0.5, 1.0]  # of 0, NumPy 2.0 gave an element of weight 0
    for f, x in ((np.quantile, value), (np.quantile, with_nan), (np.nanquantile, with_nan)):
        with warnings.catch_warnings(record=True) as ours:
            warnings.simplefilter("always")
            found = f(Tensor(x), q, **how)
        assert len(ours) == (f is np.nanquantile and bool(np.isnan(x).all(axis=axis).any()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.testing.assert_array_equal(found.data, f(x, q, **how))


def test_a_weight_is_how_often_an_element_occurs() -> None:
    x, weights = np.array([3.0, 1.0, 2.0]), np.array([2, 1, 4])
    q = np.linspace(0, 1, 15)
    expected = np.quantile(np.repeat(x, weights), q, method="inverted_cdf")
    np.testing.assert_array_equal(mg.quantile(x, q, weights=weights, method="inverted_cdf"), expected)


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        ([1.0, -0.5], ValueError, "weights are negative or NaN, expected numbers from 0 on"),
        ([1.0, np.nan], ValueError, "weights are negative or NaN"),
        ([0.0, 0.0], ValueError, "weights are all 0, or infinite"),
        ([1.0, np.inf], ValueError, "weights are all 0, or infinite"),
        (Tensor([1.0, 2.0], requires_grad=True), TypeError, r"the weights require gradients.*weights\.numpy\(\)"),
    ],
)
def test_errors_of_weights(weights: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=f"^quantile: {words}"):
        mg.quantile([1.0, 2.0], 0.5, weights=weights, method="inverted_cdf")
    with pytest.raises(ValueError, match='weights need method="inverted_cdf"'):
        mg.quantile([1.0, 2.0], 0.5, weights=weights)
