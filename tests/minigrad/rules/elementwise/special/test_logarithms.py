"""Products with logarithms at 0 and beyond the range; the logarithm of odds around ½."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import special

import minigrad as mg

NAN, INF = np.nan, np.inf


@np.errstate(all="ignore")
@pytest.mark.parametrize("name", ["xlogy", "xlog1py", "rel_entr"])
def test_values_at_0_at_infinity_and_of_nan_are_scipys(name: str) -> None:
    special_values = np.array([0.0, -0.0, 1.0, -1.0, -2.0, 1e-300, 1e300, INF, -INF, NAN])
    x, y = (a.ravel() for a in np.meshgrid(special_values, special_values))
    expected = getattr(special, name)(x, y)
    np.testing.assert_allclose(getattr(mg, name)(x, y), expected, rtol=1e-15, equal_nan=True)
    for a, b in ((0.0, 0.0), (2.0, 3.0)):  # of Python's numbers, too
        assert getattr(mg, name)(a, b) == pytest.approx(getattr(special, name)(a, b), rel=1e-15)


@np.errstate(all="ignore")
def test_values_of_one_argument_are_scipys() -> None:
    x = np.array([0.0, 1e-300, 0.25, 0.5, 0.75, 1.0, -1.0, 2.0, INF, -INF, NAN])
    np.testing.assert_allclose(mg.entr(x), special.entr(x), rtol=1e-15)
    np.testing.assert_allclose(mg.logit(x), special.logit(x), rtol=1e-15)


def test_slopes_where_the_factor_is_0() -> None:
    """There x log y is 0 whatever y is, and its slope in y is 0; in x it is log y."""
    for f, y in ((mg.xlogy, 0.0), (mg.xlog1py, -1.0)):
        with np.errstate(all="ignore"):
            x_bar, y_bar = mg.grad(f, (0, 1))(0.0, y)
        assert (x_bar, y_bar) == (-INF, 0)
    assert mg.grad(mg.xlogy, (0, 1))(0.0, 2.0) == (np.log(2), 0)
    mixed = mg.grad(lambda x, y: mg.grad(mg.xlogy, 1)(x, y))
    assert mixed(0.0, 2.0) == 0.5
    with np.errstate(all="ignore"):
        assert np.isnan(mixed(0.0, 0.0))  # 1 / 0, in which direction?
        assert mg.grad(mg.entr)(0.0) == INF
        assert mg.grad(mg.rel_entr, (0, 1))(0.0, 2.0) == (-INF, 0)
        assert mg.grad(mg.rel_entr, (0, 1))(0.0, 0.0) == (-INF, 0)


def test_no_signal_is_0_where_the_slope_is_infinite() -> None:
    with np.errstate(all="ignore"):
        slopes = mg.grad(lambda y: mg.sum(mg.where(y > 0, mg.xlogy(2.0, y), 0.0)))(np.array([0.0, 4.0]))
        factors = mg.grad(lambda x: mg.sum(mg.where([False, True], mg.xlogy(x, [0.0, 2.0]), 0.0)))(np.ones(2))
    assert slopes[1] == 0.5
    np.testing.assert_array_equal(factors, [0, np.log(2)])


def test_the_relative_entropy_of_close_numbers_and_of_far_ones() -> None:
    x = 1 + 1e-9
    exact = float(Decimal(x) * Decimal(x).ln())
    assert mg.rel_entr(x, 1.0) == pytest.approx(exact, rel=1e-15)
    assert mg.rel_entr(1e200, 1e-200) == pytest.approx(1e200 * 400 * np.log(10), rel=1e-14)
    assert mg.rel_entr(1e-200, 1e200) == pytest.approx(-1e-200 * 400 * np.log(10), rel=1e-14)


def test_odds_around_a_half_keep_their_digits() -> None:
    for x in (0.5 + 2.0**-40, 0.25, 0.2499, 1e-12, 1 - 2.0**-50):
        exact = float((Decimal(x) / (1 - Decimal(x))).ln())
        assert mg.logit(x) == pytest.approx(exact, rel=3e-16)


def test_float32_stays_float32_beside_numbers() -> None:
    x = np.array([0.0, 0.5], np.float32)
    for f in (
        lambda x: mg.xlogy(x, 2.0),
        lambda x: mg.xlogy(2.0, x + 1),
        lambda x: mg.rel_entr(x, 2),
        mg.entr,
        mg.logit,
    ):
        with np.errstate(divide="ignore"):
            assert f(x).dtype == np.float32


@pytest.mark.parametrize("f", [mg.xlogy, mg.xlog1py, mg.rel_entr], ids=lambda f: f.name)
def test_a_zero_changes_no_other_element(f: Any) -> None:
    x, y = np.array([0.0, 2.0, 0.0, 0.5, 3.0]), np.array([0.0, 3.0, 2.0, 1.5, 0.0]) - (f is mg.xlog1py)

    def slopes(x: Any, y: Any) -> Any:
        with np.errstate(divide="ignore"):
            return np.array(mg.grad(lambda x, y: mg.sum(f(x, y)), argnums=(0, 1))(x, y))

    np.testing.assert_array_equal(slopes(x, y), np.transpose([slopes(a, b) for a, b in zip(x, y, strict=True)]))


@np.errstate(divide="ignore")
def test_the_slope_at_a_second_argument_of_0_is_infinite() -> None:
    assert mg.grad(lambda y: mg.xlogy(3.0, y))(0.0) == mg.grad(lambda y: mg.xlog1py(3.0, y))(-1.0) == INF


def test_the_divergence_is_scipys() -> None:
    x, y = np.array([0.0, 0.5, 2.0]), np.array([1.0, 0.5, 3.0])
    np.testing.assert_allclose(special.kl_div(mg.Tensor(x), mg.Tensor(y)).data, special.kl_div(x, y), rtol=1e-14)
