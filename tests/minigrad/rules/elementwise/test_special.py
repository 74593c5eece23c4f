"""Kinks, vertical tangents, and slopes where a formula taken literally loses its digits."""

from __future__ import annotations

import math
import sys
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.samples import PRIMITIVES

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def slope(f: Any, x: Any) -> Any:
    x = Tensor(x, requires_grad=True)
    f(x).sum().backward()
    return x.grad


def test_abs_is_flat_at_its_kink() -> None:
    np.testing.assert_array_equal(slope(abs, [-2.0, 0.0, -0.0, 3.0]), [-1, 0, 0, 1])


def test_abs_of_whole_numbers_and_lists() -> None:
    np.testing.assert_array_equal(mg.abs([-1, 2]), [1, 2])
    assert mg.abs(Tensor([-1, 2])).dtype == int


def test_sign_is_flat() -> None:
    np.testing.assert_array_equal(slope(np.sign, [-2.0, 0.0, 3.0]), [0, 0, 0])


@pytest.mark.parametrize("f", [mg.sqrt, mg.cbrt])
def test_roots_are_vertical_at_0(f: Any) -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert slope(f, [0.0])[0] == np.inf


def test_the_ends_of_arcsin_are_vertical() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(slope(mg.arcsin, [-1.0, 1.0]), [np.inf, np.inf])


ANALYTIC = {
    **dict.fromkeys(["exp", "exp2", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh"], (-3.0, -0.4, 1e-9, 2.5)),
    **dict.fromkeys(["sqrt", "log", "log2", "log10", "reciprocal", "square"], (1e-9, 0.5, 1e9)),
    **dict.fromkeys(["arcsin", "arccos", "arctanh"], (-0.999999, -1e-9, 0.5, 1 - 1e-10)),
    **dict.fromkeys(["arctan", "arcsinh"], (-1e9, 1e-9, 0.5)),
    "log1p": (-1 + 1e-10, -1e-12, 0.5),
    "arccosh": (1 + 1e-10, 2.0, 1e200),
}


@pytest.mark.parametrize("name", ANALYTIC)
def test_slopes_agree_with_a_complex_step(name: str) -> None:
    """f(x + ih) = f(x) + ih f′(x) + …: nothing is subtracted, so f′ keeps all its digits."""
    x = np.array(ANALYTIC[name])
    h = 1e-30 * np.minimum(1, abs(x))
    np.testing.assert_allclose(slope(getattr(mg, name), x), getattr(np, name)(x + 1j * h).imag / h, rtol=1e-14)


@pytest.mark.parametrize("x", [-50.0, -1e-5, 1e-12, 0.3])
def test_expm1_and_its_slope_to_the_last_digits(x: float) -> None:
    with localcontext(prec=60):
        exact = Decimal(x).exp()
        assert float(mg.expm1(x)) == pytest.approx(float(exact - 1), rel=3e-16)
    assert slope(mg.expm1, x) == pytest.approx(float(exact), rel=3e-16)


@pytest.mark.parametrize("x", [-0.9999999999, -1e-5, 1e-12, 1e12])
def test_log1p_and_its_slope_to_the_last_digits(x: float) -> None:
    with localcontext(prec=60):
        exact = 1 + Decimal(x)
        assert float(mg.log1p(x)) == pytest.approx(float(exact.ln()), rel=3e-16)
        assert slope(mg.log1p, x) == pytest.approx(float(1 / exact), rel=3e-16)


def sinc_exactly(x: float, order: int) -> float:
    """The power series of sinc, differentiated term by term, with 80 digits."""
    with localcontext(prec=80):
        t, total = PI * Decimal(x), Decimal(0)
        for k in range((order + 1) // 2, 80):
            m = 2 * k - order
            total += (-1) ** k * t**m / (math.factorial(m) * (2 * k + 1))
        return float(PI**order * total)


def test_sinc_and_its_derivatives_to_the_last_digits() -> None:
    """Near 0, and on both sides of the places where the series gives way to the recurrence."""
    x = np.array([1e-200, 1e-9, -1e-4, 0.01, 0.3, -0.6366, 0.6367, 0.95, 0.96, 1.27, 1.28, 1.7])
    for order in range(6):
        exact = np.array([sinc_exactly(v, order) for v in x])
        np.testing.assert_allclose(PRIMITIVES["sinc"](x, order=order), exact, rtol=2e-14)
        near = slice(5)  # farther away a derivative may be 0, and the error is one of πx
        np.testing.assert_allclose(PRIMITIVES["sinc"](x[near], order=order), exact[near], rtol=1e-15)


def test_sinc_at_0() -> None:
    x = Tensor([0.0], requires_grad=True)
    for exact in (1, 0, -(math.pi**2) / 3, 0, math.pi**4 / 5):
        y = mg.sinc(x) if exact == 1 else x.grad
        assert y.item() == pytest.approx(exact, rel=1e-15)
        x.zero_grad()
        y.backward(create_graph=True)


def test_erf_needs_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        mg.erf(1.0)
    with pytest.raises(ImportError, match="pip install scipy"):
        mg.gelu(1.0)
    assert mg.gelu(1.0, approximate="tanh") == pytest.approx(0.8412, abs=1e-4)
