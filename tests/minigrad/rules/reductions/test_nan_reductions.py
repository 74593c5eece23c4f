"""Reductions that ignore NaN, which gets no error signal."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor

nan = np.nan
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


def test_spread_and_quantiles_are_numpys() -> None:
    rng = np.random.default_rng(0)
    i, j, k = np.indices((3, 4, 5))
    x = np.where((i + 2 * j + 3 * k) % 7 == 0, np.nan, rng.normal(size=(3, 4, 5)))  # one in a line at most
    for axis, keepdims in [(None, False), (0, True), (-1, False), ((0, 2), True), ((2, 1), False)]:
        params = {"axis": axis, "keepdims": keepdims}
        for f in (np.nanmedian, partial(np.nanquantile, q=0.3), partial(np.nanpercentile, q=[0, 10.5, 99, 100])):
            np.testing.assert_allclose(f(Tensor(x), **params).data, f(x, **params), rtol=1e-12)
        for f in (np.nanvar, np.nanstd):
            for z in (x, x * (1 + 2j)):
                for ddof in (0, 1):
                    found = f(Tensor(z), ddof=ddof, **params).data
                    np.testing.assert_allclose(found, f(z, ddof=ddof, **params), rtol=1e-12)


def test_rows_without_enough_numbers_give_nan_and_a_warning() -> None:
    x = Tensor([[nan, nan], [1.0, nan], [1.0, 3.0]], requires_grad=True)
    for f, words, expected in [
        (mg.nanmedian, "nanmedian: nothing but NaN", [nan, 1, 2]),
        (partial(mg.nanquantile, q=0.5), "nanquantile: nothing but NaN", [nan, 1, 2]),
        (mg.nanvar, "nanvar: ddof=0 leaves no degrees of freedom", [nan, 0, 1]),
        (partial(mg.nanstd, ddof=1), "nanstd: ddof=1 leaves no degrees of freedom", [nan, nan, 2**0.5]),
    ]:
        with pytest.warns(RuntimeWarning, match=words):
            y = f(x, axis=1)
        np.testing.assert_allclose(y.data, expected)
        x.zero_grad()
        y[2].backward()
        np.testing.assert_array_equal(x.grad[:2], 0)
        assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("q", [0.0, 0.3, 1.0])
def test_a_row_with_one_number_has_it_at_every_quantile(q: float) -> None:
    x = Tensor([[7.0, nan], [nan, 8.0]], requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = mg.nanquantile(x, q, axis=1)
    np.testing.assert_array_equal(y.data, [7, 8])
    y.backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [[1, 0], [0, 10]])


@pytest.mark.parametrize("q", [0.0, 0.3, 1.0])
def test_rows_of_nothing_but_nan_get_no_error_signal(q: float) -> None:
    x = Tensor([[nan], [8.0]], requires_grad=True)
    with pytest.warns(RuntimeWarning, match="nanquantile: nothing but NaN"):
        y = mg.nanquantile(x, q, axis=1)
    np.testing.assert_array_equal(y.data, [nan, 8])
    y.backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [[0], [10]])


@pytest.mark.parametrize("q", [0.0, 0.5, 1.0])
def test_an_infinite_neighbour_does_not_matter_where_a_quantile_is_an_element(q: float) -> None:
    x = np.array([np.inf, nan, -1.0, -np.inf])
    np.testing.assert_array_equal(mg.nanquantile(x, q), {0.0: -np.inf, 0.5: -1.0, 1.0: np.inf}[q])


def test_where_all_are_equal_the_standard_deviation_has_no_slope() -> None:
    x = Tensor([2.0, nan, 2.0], requires_grad=True)
    mg.nanstd(x).backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0])


def test_arguments_of_spread_and_quantiles_are_checked() -> None:
    x = np.array([1.0, nan])
    with pytest.raises(ValueError, match=r"^nanvar: ddof=1 and correction=1 are two names"):
        mg.nanvar(x, ddof=1, correction=1)
    with pytest.raises(ValueError, match="q is a fraction from 0 to 1"):
        mg.nanquantile(x, 1.5)
    with pytest.raises(TypeError, match="q requires gradients"):
        mg.nanquantile(x, Tensor(0.5, requires_grad=True))
    with pytest.raises(TypeError, match=r"^nanquantile: takes real numbers only"):
        mg.nanquantile(x * 1j, 0.5)


@pytest.mark.parametrize(("extremum", "start"), [(np.nanmax, 2.0), (np.nanmin, -1.0)])
def test_the_number_to_start_with_takes_part(extremum: Any, start: float) -> None:
    x = np.array([[1.0, nan, -3.0], [nan, nan, 5.0], [nan, nan, nan]])
    y = extremum(Tensor(x), axis=1, initial=start)
    np.testing.assert_array_equal(y.data, extremum(x, axis=1, initial=start))


@pytest.mark.parametrize("extremum", [np.nanmax, np.nanmin])
def test_nan_is_ignored_as_the_number_to_start_with(extremum: Any) -> None:
    x = np.array([[1.0, nan, -3.0], [nan, nan, 5.0]])
    for where in (True, [True, True, False]):
        t = Tensor(x, requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of the row that has nothing
            y, expected = (extremum(z, axis=1, initial=nan, where=where) for z in (t, x))
        np.testing.assert_array_equal(y.data, expected)
        y.backward([1.0, 10.0])
        with np.errstate(invalid="ignore"):
            chosen = (x == expected[:, None]) & where
        np.testing.assert_array_equal(t.grad, chosen * [[1.0], [10.0]])
    with pytest.warns(RuntimeWarning, match="nothing but NaN"):
        np.testing.assert_array_equal(extremum(Tensor(np.zeros((2, 0))), axis=1, initial=nan).data, [nan, nan])
