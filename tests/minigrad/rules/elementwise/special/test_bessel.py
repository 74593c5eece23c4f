"""Special functions: sinc near 0, and erf without SciPy."""

from __future__ import annotations

import math
import sys
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.samples import PRIMITIVES

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


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
        near = slice(5)  # farther away a derivative may be 0, and the error is relative to πx
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


def test_half_precision_is_kept() -> None:
    """SciPy's functions of float16 are float64."""
    x = Tensor(np.array([-1.0, 0.5], np.float16), requires_grad=True)
    for f in (mg.erf, mg.gelu):
        y = f(x)
        assert y.dtype == np.float16
        np.testing.assert_allclose(y.data, f(x.data.astype(float)), rtol=1e-3)


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
