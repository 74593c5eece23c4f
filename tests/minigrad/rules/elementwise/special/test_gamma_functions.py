"""The gamma function and its relatives: on the left of 0, where they overflow, and their orders."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import minigrad as mg
from minigrad.core.tensor import Tensor


def test_on_the_left_of_0() -> None:
    x = np.array([-0.5, -1.25, -2.5, -7.75])
    np.testing.assert_array_equal(mg.gamma(x), special.gamma(x))
    mg.check_grads(mg.gamma, x, order=2)
    mg.check_grads(mg.gammaln, x, order=2)
    np.testing.assert_allclose(mg.gammaln(x), np.log(abs(special.gamma(x))), rtol=1e-12, atol=1e-14)


def test_logarithms_where_the_function_itself_leaves_the_range() -> None:
    for x in (1e3, 1e8):
        assert mg.grad(mg.gammaln)(x) == pytest.approx(special.psi(x), rel=1e-15)
        assert mg.grad(lambda x: mg.betaln(x, x))(x) == pytest.approx(-2 * np.log(2), rel=1e-3)


def test_digamma_is_the_first_of_the_polygamma_functions() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_array_equal(mg.polygamma(0, x), mg.digamma(x))
    f = mg.gammaln
    for n in range(4):
        f = mg.grad(f)
        assert f(0.75) == pytest.approx(special.polygamma(n, 0.75), rel=1e-13)
    assert mg.polygamma(np.int64(1), np.float32(0.5)).dtype == np.float32


def test_orders_and_dimensions_are_whole_numbers() -> None:
    for n in (-1, [1, 2]):
        with pytest.raises(ValueError, match=r"^polygamma: n is the order of a derivative"):
            mg.polygamma(n, 1.0)
    with pytest.raises(TypeError, match=r"^polygamma: n: expected whole numbers, got 1.5"):
        mg.polygamma(1.5, 1.0)
    for d in (0, [1, 2]):
        with pytest.raises(ValueError, match=r"^multigammaln: d is a number of dimensions"):
            mg.multigammaln(3.0, d)
    with pytest.raises(
        ValueError, match=r"^multigammaln: in 3 dimensions, all elements of a must be greater than 1\.0"
    ):
        mg.multigammaln(Tensor([3.0, 1.0]), 3)


def test_the_reciprocal_at_the_poles() -> None:
    """It is 0, and its slope, 0 · ∞ by the rule, is NaN."""
    with np.errstate(all="ignore"):
        y, pullback = mg.vjp(mg.rgamma, np.array([0.0, -2.0]))
        (slope,) = pullback(np.ones(2))
    np.testing.assert_array_equal(y, [0, 0])
    np.testing.assert_array_equal(slope, [np.nan, np.nan])


def test_the_parameters_of_incomplete_functions_are_constants() -> None:
    a = Tensor(2.5, requires_grad=True)
    for f in (lambda a: mg.gammainc(a, 1.0), lambda a: mg.gammaincc(a, 1.0), lambda a: mg.betainc(1.0, a, 0.5)):
        with pytest.raises(TypeError, match=r"^\w+: [ab] requires gradients, but is .*mg\.stop_gradient\([ab]\)"):
            f(a)
        with pytest.raises(TypeError, match=r"^\w+: [ab] is one real number, got \[1, 2\]"):
            f([1, 2])
    assert mg.grad(lambda x: mg.gammainc(2.5, x))(1.0) == pytest.approx(np.exp(-1) / special.gamma(2.5), rel=1e-14)
    assert mg.grad(lambda x: mg.gammainc(1, x))(0.0) == 1  # x⁰ at 0
    assert mg.grad(lambda x: mg.betainc(1, 1, x))(0.0) == 1
