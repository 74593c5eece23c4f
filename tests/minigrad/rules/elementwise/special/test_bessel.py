"""Bessel functions: where usual formulas give 0 / 0 or overflow, their orders, and those that CuPy does not have."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from scipy import special

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers import fake_cupy


def test_the_bessel_function_and_its_derivatives_are_scipys() -> None:
    """At 0, where 0 / 0 would be in the usual recurrence, near it, and where it is huge."""
    x = np.concatenate([np.linspace(-30, 30, 61), [1e-8, -1e-3, 100.0, -300.0, 700.0]])
    np.testing.assert_array_equal(np.i0(mg.Tensor(x)).data, np.i0(x))
    f = mg.i0
    for n in range(1, 5):
        f = mg.grad(f)
        found = np.array([f(v) for v in x])
        np.testing.assert_allclose(found, special.ivp(0, x, n), rtol=1e-12, atol=1e-300)


def test_bessel_functions_of_what_has_no_finite_value() -> None:
    slope = mg.grad(lambda x: mg.sum(mg.i0(x)))
    inf, nan = np.inf, np.nan
    with np.errstate(all="ignore"):
        found = slope(np.array([800.0, -1e6, inf, -inf, nan]))
    np.testing.assert_array_equal(found, [inf, -inf, inf, -inf, nan])
    assert slope(np.ones(2, np.float16)).dtype == np.float16
    assert mg.i0([1, 2]).dtype == np.float64
    assert slope(np.zeros(0)).shape == (0,)
    with pytest.raises(TypeError, match="takes real numbers only"):
        mg.i0(1j)


def test_slopes_by_the_order_below_and_above_are_scipys() -> None:
    x = np.linspace(0.5, 20, 9)
    for ours, theirs, slope in ((mg.jn, special.jv, special.jvp), (mg.yn, special.yv, special.yvp)):
        for v in (0, 1, 2, 7, -3, 0.5, 2.25):
            np.testing.assert_allclose(ours(v, x), theirs(v, x), rtol=1e-13)
            np.testing.assert_allclose(mg.grad(lambda x, f=ours, v=v: mg.sum(f(v, x)))(x), slope(v, x), rtol=1e-12)
    for v in (0, 1, 3, -2, 0.5, 2.25):
        np.testing.assert_allclose(mg.iv(v, x), special.iv(v, x), rtol=1e-12)
        np.testing.assert_allclose(mg.grad(lambda x, v=v: mg.sum(mg.iv(v, x)))(x), special.ivp(v, x), rtol=1e-12)
        np.testing.assert_allclose(mg.ive(v, x), special.ive(v, x), rtol=1e-12)


def test_what_is_scaled_by_the_exponential_does_not_overflow() -> None:
    x = np.array([-1e4, 800.0, 1e6])
    np.testing.assert_array_equal(mg.i0e(x), special.i0e(x))
    slope = mg.grad(lambda x: mg.sum(mg.i0e(x)))(x)
    leading = -np.sign(x) / np.sqrt(2 * np.pi * abs(x)) / (2 * abs(x))  # of its asymptotic series
    np.testing.assert_allclose(slope, leading, rtol=2e-3)
    assert mg.grad(mg.i0e)(0.0) == 0  # a kink, as that of |x|
    assert mg.grad(mg.i1e)(0.0) == 0.5


def test_first_derivatives_at_0() -> None:
    for f, slope in ((mg.j0, 0.0), (mg.j1, 0.5), (mg.i0, 0.0), (mg.i1, 0.5)):
        assert mg.grad(f)(0.0) == slope
    assert mg.grad(lambda x: mg.jn(2, x))(0.0) == 0
    assert mg.grad(mg.grad(mg.j0))(0.0) == -0.5


def test_the_order_is_one_real_number_and_a_constant() -> None:
    assert mg.jn(mg.Tensor(2), 1.5) == mg.jn(2.0, 1.5) == special.jv(2, 1.5)
    for v in ([0, 1], 1j, np.nan, np.inf):
        with pytest.raises(TypeError, match=r"^jn: the order v is one real number, got .*mg\.stack"):
            mg.jn(v, 1.5)
    with pytest.raises(TypeError, match=r"^iv: the order v requires gradients.*mg\.stop_gradient\(v\)"):
        mg.iv(Tensor(2.0, requires_grad=True), 1.5)


@pytest.mark.parametrize("name", ["jn", "yn", "iv", "ive"])
def test_on_a_gpu_whole_orders_are_those_of_the_cpu(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CuPy has the orders 0 and 1 of most: the others come from these, and where that loses digits from a series."""
    f: Any = getattr(mg, name)
    for module, fake in fake_cupy.modules().items():
        monkeypatch.setitem(sys.modules, module, fake)
    size = np.concatenate([[1e-8, 0.3, 1.9], np.linspace(2, 90, 45)])
    x = size if name == "yn" else np.concatenate([-size, [0.0], size])
    for v in (2, 3, 5, 9, -2, -3):
        found = f(v, mg.to(x, "cuda")).get()
        scale = np.maximum(abs(f(v, x)), 0.01 if name == "jn" else 0)  # relative to its size, not near its zeros
        np.testing.assert_array_less(abs(found - f(v, x)), 2e-12 * scale + 1e-300)
    if name != "yn":
        with pytest.raises(TypeError, match=f"{name}: on a GPU, the order is a whole number, got 0.5"):
            f(0.5, mg.to(x, "cuda"))
