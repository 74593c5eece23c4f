"""Powers and roots: at 0, of negative numbers, and their precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import assert_slopes_agree_with_a_complex_step, gradient, gradients


@pytest.mark.parametrize("zero", [0, 0.0, np.float32(0), np.float64(0), np.zeros(2), Tensor(0.0)], ids=repr)
def test_x_to_the_power_0_is_constant_at_0_too(zero: Any) -> None:
    np.testing.assert_array_equal(gradients(lambda x: x**zero, [0.0, 2.0])[0], [0, 0])


def test_powers_at_0() -> None:
    np.testing.assert_array_equal(gradients(lambda x: x**1, [0.0])[0], [1])
    np.testing.assert_array_equal(gradients(lambda x: x**2, [0.0])[0], [0])
    np.testing.assert_array_equal(gradients(lambda y: 0.0**y, [2.0])[0], [0])
    x_bar, y_bar = gradients(mg.power, [0.0, 0.0, 3.0], [0.0, 1.0, 0.0])
    np.testing.assert_array_equal(x_bar, [0, 1, 0])
    np.testing.assert_allclose(y_bar, [0, 0, np.log(3)])


def test_whole_powers_of_negative_bases() -> None:
    """The exponent is a constant: it needs no error signal, and no logarithm is taken."""
    np.testing.assert_array_equal(gradients(lambda x: x**3, [-2.0])[0], [12])
    np.testing.assert_array_equal(gradients(lambda x: x**-1, [-2.0])[0], [-0.25])


def test_0_to_negative_powers_is_infinitely_steep() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(mg.power, [0.0], [-1.0]), [[-np.inf], [-np.inf]])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(lambda y: 0.0**y, [-1.0, 0.0, 2.0])[0], [-np.inf, 0, 0])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(lambda x: x**0.5, [0.0])[0], [np.inf])


def test_a_negative_base_has_no_slope_in_its_exponent() -> None:
    with pytest.warns(RuntimeWarning, match="invalid value"):
        x_bar, y_bar = gradients(mg.power, [-2.0, 2.0], [3.0, 3.0])
    np.testing.assert_array_equal(x_bar, [12, 12])
    np.testing.assert_allclose(y_bar, [np.nan, 8 * np.log(2)])


@pytest.mark.parametrize("base", [0, 2, 0.0, 2.0])
def test_a_python_number_as_base_keeps_float32(base: float) -> None:
    y = Tensor([1.0, 2.0], requires_grad=True, dtype=np.float32)
    z = base**y
    assert z.dtype == np.float32
    z.sum().backward(create_graph=True)
    assert y.grad.dtype == np.float32
    y.grad.sum().backward()


@given(st.sampled_from([0.0, 1.0, -1.0, 2.0, -2.0, 3.0]), st.sampled_from([0, 1, 2, 3, 4]))
def test_whole_powers_agree_with_products(x: float, n: int) -> None:
    """To third order, and at 0 too."""
    t = Tensor(x, requires_grad=True)
    y = t**n
    for order in range(4):
        factor = np.prod([n - i for i in range(order)]) if order else 1
        assert float(y) == factor * x ** max(n - order, 0)
        if not y.requires_grad:
            assert n - order <= 0
            break
        t.zero_grad()
        y.backward(create_graph=True)
        y = t.grad


def test_float_power_of_integers() -> None:
    np.testing.assert_array_equal(mg.float_power([1, 2, 4], -1), np.float_power([1, 2, 4], -1))
    np.testing.assert_array_equal(gradients(lambda x: np.float_power(x, 2), [3.0])[0], [6])


@pytest.mark.parametrize("f", [mg.sqrt, mg.cbrt])
def test_roots_are_infinitely_steep_at_0(f: Any) -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert gradient(f, [0.0])[0] == np.inf


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("sqrt", (1e-9, 0.5, 1e9)),
        ("reciprocal", (1e-9, 0.5, 1e9)),
        ("square", (1e-9, 0.5, 1e9)),
    ],
)
def test_slopes_agree_with_a_complex_step(name: str, points: tuple[float, ...]) -> None:
    assert_slopes_agree_with_a_complex_step(name, points)


@pytest.mark.parametrize("part", [np.real, np.imag])
@pytest.mark.parametrize("x", [-2.0, -0.5, 0.5, 3.0])
def test_complex_powers_of_real_numbers(x: float, part: Any) -> None:
    base, y = np.array([x, 2.0]), np.array([0.5 + 1.0j, 2.0 - 0.3j])
    np.testing.assert_allclose((base ** Tensor(y)).data, np.exp(y * np.log(base + 0j)), rtol=1e-14)
    mg.check_grads(lambda a, b: part(base ** (a + 1j * b)), y.real, y.imag)
    mg.check_grads(lambda a, b: part(x ** (a + 1j * b)), y.real, y.imag)
