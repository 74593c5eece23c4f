"""Exponential functions and logarithms: precision, large arguments, and infinities."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import (
    assert_slopes_agree_with_a_complex_step,
    assert_takes_empty_lists_and_single_numbers,
    gradient,
    gradients,
)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("exp", (-3.0, -0.4, 1e-9, 2.5)),
        ("exp2", (-3.0, -0.4, 1e-9, 2.5)),
        ("expm1", (-3.0, -0.4, 1e-9, 2.5)),
        ("log", (1e-9, 0.5, 1e9)),
        ("log2", (1e-9, 0.5, 1e9)),
        ("log10", (1e-9, 0.5, 1e9)),
        ("log1p", (-1 + 1e-10, -1e-12, 0.5)),
    ],
)
def test_slopes_agree_with_a_complex_step(name: str, points: tuple[float, ...]) -> None:
    assert_slopes_agree_with_a_complex_step(name, points)


@pytest.mark.parametrize("x", [-50.0, -1e-5, 1e-12, 0.3])
def test_expm1_and_its_slope_to_the_last_digits(x: float) -> None:
    with localcontext(prec=60):
        exact = Decimal(x).exp()
        assert float(mg.expm1(x)) == pytest.approx(float(exact - 1), rel=3e-16)
    assert gradient(mg.expm1, x) == pytest.approx(float(exact), rel=3e-16)


@pytest.mark.parametrize("x", [-0.9999999999, -1e-5, 1e-12, 1e12])
def test_log1p_and_its_slope_to_the_last_digits(x: float) -> None:
    with localcontext(prec=60):
        exact = 1 + Decimal(x)
        assert float(mg.log1p(x)) == pytest.approx(float(exact.ln()), rel=3e-16)
        assert gradient(mg.log1p, x) == pytest.approx(float(1 / exact), rel=3e-16)


@pytest.mark.parametrize("f", [mg.logaddexp, mg.logaddexp2])
@pytest.mark.parametrize(
    ("x", "y", "share"),
    [
        (1000.0, 1000.0, 0.5),
        (-1000.0, 1000.0, 0),
        (1e300, -1e300, 1),
        (np.inf, np.inf, 0.5),
        (-np.inf, -np.inf, 0.5),
        (np.inf, -np.inf, 1),
        (-np.inf, 3.0, 0),
        (np.inf, 3.0, 1),
    ],
)
def test_logaddexp_of_large_numbers(f: Any, x: float, y: float, share: float) -> None:
    z = f(x, y)
    assert z == max(x, y) if share in (0, 1) or np.isinf(x) else z > max(x, y)
    np.testing.assert_allclose(gradients(f, x, y), [share, 1 - share])
    np.testing.assert_allclose(gradients(f, [x, 0.0, 99.0], [y, 0.0, 99.0]), [[share, 0.5, 0.5], [1 - share, 0.5, 0.5]])


def test_slopes_of_logaddexp_keep_their_digits() -> None:
    """Where both numbers are large and close together, too."""
    x_bar, y_bar = gradients(mg.logaddexp, -1e6, -1e6 - 30)
    assert y_bar == pytest.approx(np.exp(-30) / (1 + np.exp(-30)), rel=1e-14)
    assert x_bar + y_bar == 1


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_logaddexp_is_the_logarithm_of_a_softmax(x: float, y: float) -> None:
    both = Tensor([x, y], requires_grad=True)
    mg.logsumexp(both).backward()
    np.testing.assert_allclose(gradients(mg.logaddexp, x, y), both.grad, rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize("f", [mg.logaddexp, mg.logaddexp2])
def test_logaddexp_of_empty_lists_and_single_numbers(f: Any) -> None:
    assert_takes_empty_lists_and_single_numbers(f)


def test_ldexp_keeps_the_precision_of_x_and_takes_whole_numbers_alone() -> None:
    x = mg.Tensor([1.5, -2.0], requires_grad=True, dtype=np.float32)
    y = np.ldexp(x, np.array([3, -1]))
    y.sum().backward()
    np.testing.assert_array_equal(y.data, np.array([12.0, -1.0], np.float32))
    np.testing.assert_array_equal(x.grad, np.array([8.0, 0.5], np.float32))
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)
    assert mg.grad(lambda x: mg.ldexp(x, 1000))(0.0) == 2.0**1000
    with pytest.raises(TypeError, match="ldexp"):
        mg.ldexp(x, mg.Tensor(2.0, requires_grad=True))


def test_mantissa_and_exponent() -> None:
    value = np.array([5.0, -0.25, 0.0, 2.0**-1060, 2.0**1023])
    m, n = np.frexp(Tensor(value, requires_grad=True))
    np.testing.assert_array_equal(m.data, np.frexp(value)[0])
    np.testing.assert_array_equal(n, np.frexp(value)[1], strict=True)
    np.testing.assert_array_equal(mg.ldexp(m, n).data, value)
    with pytest.raises(TypeError, match="frexp: takes real numbers only"):
        mg.frexp(np.ones(2) * 1j)


def test_powers_of_10() -> None:
    special = pytest.importorskip("scipy.special")
    x = Tensor([-1.0, 0.0, 2.0], requires_grad=True)
    y = special.exp10(x)
    y.sum().backward()
    np.testing.assert_allclose(y.data, [0.1, 1, 100])
    np.testing.assert_allclose(x.grad, np.log(10) * y.data)
