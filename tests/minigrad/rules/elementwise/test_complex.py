"""Complex numbers between real parameters and a real loss."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor

number = st.floats(-3, 3)


def leaf(value: Any, dtype: Any = None) -> Tensor:
    return Tensor(value, requires_grad=True, dtype=dtype)


@given(number, number)
def test_methods_agree_with_numpys_functions(a: float, b: float) -> None:
    z = leaf(a) + 1j * leaf([b, -a])
    for mine, numpys in [(z.real, np.real), (z.imag, np.imag), (z.conj(), np.conj), (z.conjugate(), np.conjugate)]:
        np.testing.assert_array_equal(mine.data, numpys(z.data))
        np.testing.assert_array_equal(numpys(z).data, numpys(z.data))
    np.testing.assert_array_equal(np.abs(z).data, np.abs(z.data))
    np.testing.assert_array_equal(np.angle(z).data, np.angle(z.data))
    np.testing.assert_array_equal(np.angle(z, deg=True).data, np.angle(z.data, deg=True))


@given(number, number, number, number)
def test_error_signals_pair_without_conjugation(a: float, b: float, c: float, d: float) -> None:
    """dL = Re(z̄ dz): for L = Re(w z) the error signal of z is w, and x + iy moves by its parts."""
    x, y, w = leaf(a), leaf(b), complex(c, d)
    mg.real(w * (x + 1j * y)).backward()
    assert x.grad == pytest.approx(w.real)
    assert y.grad == pytest.approx(-w.imag)


def test_a_real_value_keeps_the_real_part() -> None:
    x = leaf([1.0, 2.0])
    seen = {}
    y = x * (1 + 2j)
    L = mg.real(y * y).sum()
    sweep(L, np.float64(1), visit=lambda t, t_bar: seen.setdefault(t, t_bar))
    assert seen[y].dtype == np.complex128
    assert seen[x].dtype == np.float64
    np.testing.assert_allclose(seen[x], 2 * np.real((1 + 2j) ** 2) * x.data)


def test_a_broadcast_real_value_keeps_the_real_part_of_the_sum() -> None:
    x = leaf(2.0)
    mg.imag(x * np.array([1j, 2 + 3j])).sum().backward()
    assert x.grad == 4.0
    assert x.grad.dtype == np.float64


def test_the_tangent_of_a_real_value_is_real() -> None:
    """The rule of Re(z) returns ȳ unchanged; transposed, it would keep the imaginary part of a tangent."""
    _, tangent = mg.jvp(lambda x: mg.imag(mg.real(mg.exp(1j * x)) * (2 + 3j)), (0.5,), (1.0,))  # 3 cos x
    assert tangent == pytest.approx(-3 * np.sin(0.5), rel=1e-14)


def test_modulus_and_angle_of_0_have_the_derivative_0() -> None:
    x, y = leaf([0.0, 3.0]), leaf([0.0, 4.0])
    with np.errstate(all="raise"):
        z = x + 1j * y
        mg.sum(mg.abs(z) + mg.angle(z)).backward(create_graph=True)
        first = x.grad, y.grad
        np.testing.assert_allclose(first[0].data, [0, 3 / 5 - 4 / 25])
        np.testing.assert_allclose(first[1].data, [0, 4 / 5 + 3 / 25])
        x.zero_grad(), y.zero_grad()
        (first[0].sum() + first[1].sum()).backward()
    assert np.isnan(x.grad.data[0]) and np.isnan(y.grad.data[0])  # noqa: PT018
    assert np.isfinite([x.grad.data[1], y.grad.data[1]]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_real_tensor_is_its_own_real_part_and_conjugate(dtype: Any) -> None:
    x = leaf([1.0, -2.0], dtype)
    assert mg.real(x) is x
    assert mg.conj(x) is np.conj(x) is x
    (mg.imag(x) + mg.angle(x) + mg.abs(x)).sum().backward()
    np.testing.assert_array_equal(x.grad, [1, -1])
    assert x.grad.dtype == dtype


def test_single_precision_stays_single_precision() -> None:
    x = leaf(0.5, np.float32)
    for z in (1j * x, x * 1j, x + 1j, 1j - x, 1j / x, x / (2 + 1j), mg.exp(1j * x)):
        assert z.dtype == np.complex64, z


@pytest.mark.parametrize("f", [lambda x: 2j * x, lambda x: 2j + x, lambda x: 2j - x, lambda x: 2j / x, lambda x: 2j**x])
def test_pythons_complex_numbers_with_a_single_number(f: Any) -> None:
    """1j * np.float64(2) alone would be a Python number, which has no shape."""
    x = leaf(0.5)
    z = f(x)
    assert z.data == pytest.approx(f(0.5))
    assert isinstance(z.data, np.complex128)
    z.sum().real.backward()
    h = 1e-6
    assert x.grad == pytest.approx((f(0.5 + h).real - f(0.5 - h).real) / (2 * h))
    assert isinstance(mg.multiply(2j, np.float64(3)), np.complex128)


def test_lists_and_numbers() -> None:
    np.testing.assert_array_equal(mg.real([1 + 2j, 3]), [1, 3])
    np.testing.assert_array_equal(mg.conj([1 + 2j, 3]), [1 - 2j, 3])
    assert mg.imag(1 + 2j) == 2
    assert mg.abs(3 + 4j) == 5


def test_a_complex_loss_is_refused() -> None:
    x = leaf([1.0, 2.0])
    loss = (x * 1j).sum()
    for refuse in (loss.backward, lambda: mg.explain(loss)):
        with pytest.raises(TypeError, match=r"loss.*complex128.*mg\.real\(loss\)|complex number.*mg\.real\(loss\)"):
            refuse()
    loss.backward(1 - 1j)  # a complex Tensor needs its error signal: dL = Re((1 − i) dz)
    np.testing.assert_array_equal(x.grad, [1, 1])


def test_parameters_are_real() -> None:
    with pytest.raises(TypeError, match="only floating types may require gradients, got complex128"):
        leaf(1j)


def test_conversion_to_a_python_number() -> None:
    z = Tensor(1 + 2j)
    assert complex(z) == z.item() == 1 + 2j
    with pytest.raises(TypeError, match="complex"):
        float(z)


def test_formulas_of_complex_numbers() -> None:
    x = leaf([0.5, -1.0])
    w = leaf(2.0)
    u = mg.exp(1j * x)
    v = (2 - 1j) * u * mg.real(u) + w
    L = mg.sum(mg.abs(v) * mg.angle(v) + mg.imag(v.conj() * u))
    for every_step in (False, True):
        walkthrough = mg.explain(L, every_step=every_step)
        assert walkthrough.check().endswith("all agree")
        assert "(2 − i)" in str(walkthrough)
        assert "Re(" in str(walkthrough)
        assert r"\operatorname{Im}" in walkthrough.latex()
        assert "<math" in walkthrough.html()
        assert str(walkthrough.wrong_order())
    assert "Im" in str(mg.draw(L))
    u_bar = next(step for step in mg.explain(L).backward if step.target == "u").value
    assert "right" in str(mg.grade(L, {"u": u_bar}))
    assert "wrong" in str(mg.grade(L, {"u": np.conj(u_bar)}))


def test_the_imaginary_unit_stands_in_front() -> None:
    x = leaf(0.5)
    z = mg.exp(1j * x)
    L = mg.imag(z)
    text = str(mg.explain(L))
    assert "z̄ = −i L̄" in text
    assert "x̄ = Re(i z̄ z)" in text


def test_the_tangent_of_a_real_part_is_real() -> None:
    """Re((1 + 2i) Re((0.3 + i) x)) is 0.3 x: what the inner Re drops must not come back through the outer one."""
    value, tangent = mg.jvp(lambda x: mg.real((1 + 2j) * mg.real((0.3 + 1j) * x)), (2.0,), (1.0,))
    assert value == pytest.approx(0.6)
    assert tangent == pytest.approx(0.3)


@pytest.mark.parametrize("f", [mg.real, mg.imag, mg.abs, mg.angle])
def test_the_tangent_of_a_real_number_is_real(f: Any) -> None:
    x, x_dot = np.array([0.3, -1.2]), np.array([1.0, 0.5])
    _, y_dot = mg.jvp(lambda x: f(x**2 * (1 + 2j) - 1j * x), (x,), (x_dot,))
    _, pullback = mg.vjp(lambda x: f(x**2 * (1 + 2j) - 1j * x), x)
    assert y_dot.dtype == np.float64
    np.testing.assert_allclose(y_dot, pullback(np.ones(2))[0] * x_dot, rtol=1e-12)


def test_parts_that_rounding_left_are_dropped() -> None:
    eps = np.finfo(float).eps
    for z, tol in [
        ([1 + 50j * eps, 2], 100),
        ([1 + 200j * eps], 100),
        ([1 + 0.01j], 0.1),
        ([1 + 0.2j], 0.1),
        ([1 + 0.5j], 0.5),  # as large as the limit
        ([1 + 0.5j], 1),  # the largest limit that is not in units of eps
        ([1 + 0.5j], 1.5),
        ([1.0], 100),
    ]:
        found, expected = np.real_if_close(mg.Tensor(z), tol), np.real_if_close(np.array(z), tol)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.data, expected)
    x = mg.Tensor([1.0, 4.0], requires_grad=True)
    mg.real_if_close(mg.ifft(mg.fft(x))).sum().backward()
    np.testing.assert_allclose(x.grad, [1, 1])


@pytest.mark.parametrize(
    "name", ["arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "log", "log1p", "sqrt"]
)
def test_slopes_on_both_sides_of_branch_cuts(name: str) -> None:
    """Along the axes, on which the cuts lie: the sign of a zero says on which side."""
    f, h = getattr(np, name), 1e-6
    for u, zero in itertools.product((-1.7, -0.3, 0.3, 1.7), (0.0, -0.0)):
        for z, before, after, step in [
            (complex(u, zero), complex(u - h, zero), complex(u + h, zero), 2 * h),
            (complex(zero, u), complex(zero, u - h), complex(zero, u + h), 2j * h),
        ]:
            _, pullback = mg.vjp(f, np.complex128(z))
            np.testing.assert_allclose(pullback(1.0)[0], (f(after) - f(before)) / step, rtol=1e-6, err_msg=str(z))
