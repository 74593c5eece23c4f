"""Order and rank: ties, NaN, nothing, and every share."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor


def gradient(f: Any, value: Any, y_bar: Any = None) -> Any:
    x = Tensor(value, requires_grad=True)
    f(x).backward(y_bar)
    return x.grad


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.integers(-3, 3)), st.data())
def test_values_are_numpys(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim)]))
    x = Tensor(value, requires_grad=True)
    y = np.sort(x, axis=axis, kind="stable")
    np.testing.assert_array_equal(y.data, np.sort(value, axis=axis))
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * value)  # each place belongs to one element
    axes = data.draw(st.sampled_from([axis, (0,), (-1, 0) if value.ndim > 1 else None]))
    how = {"axis": axes, "keepdims": data.draw(st.booleans())}
    np.testing.assert_allclose(np.median(x, **how).data, np.median(value, **how))
    q = data.draw(st.sampled_from([0, 1, 0.37, [0.5], [[0.1, 1.0]]]))
    np.testing.assert_allclose(np.quantile(x, q, **how).data, np.quantile(value, q, **how), atol=1e-14)
    x_bar = gradient(lambda x: mg.quantile(x, 0.37, **how).sum(), value)
    np.testing.assert_allclose(x_bar.sum(axis=axes), 1)


@given(arrays(np.float64, st.integers(1, 12), elements=st.integers(-3, 3)), st.data())
def test_partition_puts_the_chosen_rank_in_its_place(value: Any, data: Any) -> None:
    kth = data.draw(st.integers(-len(value), len(value) - 1))
    x = Tensor(value, requires_grad=True)
    y = np.partition(x, kth)
    place = kth % len(value)
    assert y.data[place] == np.sort(value)[place]
    assert (y.data[:place] <= y.data[place]).all()
    assert (y.data[place:] >= y.data[place]).all()
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * value)


def test_of_elements_that_tie_the_first_stays_first() -> None:
    np.testing.assert_array_equal(gradient(mg.sort, [1.0, 0.0, 1.0, 0.0], [1, 2, 3, 4]), [3, 1, 4, 2])


def test_nan_comes_last_and_makes_the_median_nan() -> None:
    value = [[np.nan, 1.0, 0.0], [5.0, 3.0, 4.0]]
    np.testing.assert_array_equal(mg.sort(value), [[0, 1, np.nan], [3, 4, 5]])
    for f in (mg.median, lambda x, axis: mg.quantile(x, [0.5, 0.5], axis)):
        x = Tensor(value, requires_grad=True)
        y = f(x, axis=1)
        np.testing.assert_array_equal(y.data, np.broadcast_to([np.nan, 4], y.shape))
        y.sum().backward()
        np.testing.assert_array_equal(x.grad > 0, [[True, False, False], [False, False, True]])


def test_infinite_numbers_have_a_median() -> None:
    np.testing.assert_array_equal(mg.median([1.0, np.inf, np.inf]), np.inf)
    np.testing.assert_array_equal(mg.quantile([1.0, 2.0, np.inf], [0, 0.5]), [1, 2])


@pytest.mark.parametrize("f", [mg.median, lambda x: mg.quantile(x, 0.3)])
def test_the_middle_of_nothing(f: Any) -> None:
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


def test_shares_that_are_none() -> None:
    x = Tensor([1.0, 2.0])
    for q in (50.0, 1.1, -0.1, [0.5, -0.1]):
        with pytest.raises(ValueError, match=rf"from 0 to 1; got {re.escape(str(np.array(q)))} \(percentile"):
            mg.quantile(x, q)
    with pytest.raises(TypeError, match="q requires gradients"):
        mg.quantile(x, Tensor(0.5, requires_grad=True))
    with pytest.raises(ValueError, match="kth"):
        mg.partition(x, 2)


def test_a_derivation_says_where_the_error_signal_goes() -> None:
    x = Tensor([3.0, 1.0, 2.0], requires_grad=True, name="x")
    text = str(mg.explain(mg.median(x).named("L")))
    assert "L = sort(x)[1]" in text
    assert "x̄ = (L̄ at [1]) at argsort" in text
