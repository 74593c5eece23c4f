"""Derivatives by complex arguments: of real losses, and of holomorphic functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

Z = np.array([0.3 + 1j, -0.7j, 1.1 - 0.4j])
W = np.array([1.0 - 2j, 0.5j, 2.0])

LOSSES: list[Callable[[Any], Any]] = [
    lambda z: mg.sum(mg.abs(z) ** 2),
    lambda z: mg.sum(mg.real(z * z * W)),
    lambda z: mg.mean(mg.abs(mg.fft(z) - W) ** 2),
    lambda z: mg.sum(mg.angle(z) * mg.imag(mg.exp(z))),
    lambda z: mg.norm(mg.outer(z, mg.conj(z)) @ W),
]

#: Holomorphic functions and their derivatives.
HOLOMORPHIC: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
    (lambda z: z**3 - 1, lambda z: 3 * z**2),
    (lambda z: mg.exp(2j * z), lambda z: 2j * np.exp(2j * z)),
    (lambda z: mg.sin(z) / (z - 3), lambda z: np.cos(z) / (z - 3) - np.sin(z) / (z - 3) ** 2),
    (lambda z: mg.log(z) * mg.sqrt(z + 4), lambda z: np.sqrt(z + 4) / z + np.log(z) / (2 * np.sqrt(z + 4))),
    (lambda z: mg.tanh(1 / z), lambda z: -(1 - np.tanh(1 / z) ** 2) / z**2),
    (lambda z: mg.conj(mg.conj(z) ** 2), lambda z: 2 * z),
]

NOT_HOLOMORPHIC: list[Callable[[Any], Any]] = [
    mg.conj,
    lambda z: mg.abs(z) * z,
    lambda z: mg.real(z) + 0j,
    lambda z: mg.exp(mg.angle(z) * 1j),
    lambda z: 1e-9 * z + 1e-12 * mg.conj(z),
]


@pytest.mark.parametrize("loss", LOSSES)
def test_a_gradient_has_the_slopes_along_both_axes(loss: Any) -> None:
    """∂L/∂x − i ∂L/∂y, which is z̄ with dL = Re(z̄ dz)."""
    along_x, along_y = mg.grad(lambda x, y: loss(x + 1j * y), argnums=(0, 1))(Z.real, Z.imag)
    value, gradient = mg.value_and_grad(loss)(Z)
    assert value == loss(Z)
    np.testing.assert_allclose(gradient, along_x - 1j * along_y, rtol=1e-12)
    mg.check_grads(loss, Z)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_step_against_the_conjugate_descends_by_the_square_of_its_length(loss: Any) -> None:
    gradient, rate = mg.grad(loss)(Z), 1e-6
    step = rate * np.conj(gradient)
    np.testing.assert_allclose(loss(Z) - loss(Z - step), rate * np.sum(np.abs(gradient) ** 2), rtol=1e-4)


@pytest.mark.parametrize(("f", "derivative"), HOLOMORPHIC)
def test_a_holomorphic_function_has_a_complex_derivative(f: Any, derivative: Any) -> None:
    slope = mg.grad(f, holomorphic=True)
    for z in Z:
        found = slope(z)
        assert isinstance(found, np.complex128)
        np.testing.assert_allclose(found, derivative(z), rtol=1e-12)
        np.testing.assert_allclose(mg.jvp(f, (z,), (1 - 2j,))[1], (1 - 2j) * derivative(z), rtol=1e-12)
    for mode in ("forward", "reverse"):
        np.testing.assert_allclose(
            mg.jacobian(f, mode=mode, holomorphic=True)(Z), np.diag(derivative(Z)), rtol=1e-12, atol=1e-15
        )
    mg.check_grads(f, Z, order=2)


def test_second_derivatives() -> None:
    cube = mg.grad(mg.grad(lambda z: z**3, holomorphic=True), holomorphic=True)
    assert cube(1 + 1j) == pytest.approx(6 + 6j)
    f = mg.hessian(lambda z: z[0] ** 2 * mg.exp(z[1]), holomorphic=True)
    a, e = Z[0], np.exp(Z[1])
    np.testing.assert_allclose(f(Z[:2]), [[2 * e, 2 * a * e], [2 * a * e, a**2 * e]])
    for loss in LOSSES:  # how the gradient of a real loss changes along a direction
        h, v = 1e-6, W / 3
        expected = (mg.grad(loss)(Z + h * v) - mg.grad(loss)(Z - h * v)) / (2 * h)
        np.testing.assert_allclose(mg.hvp(loss, Z, v), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f", NOT_HOLOMORPHIC)
def test_what_is_not_holomorphic_is_refused(f: Any) -> None:
    slope = mg.grad(f, holomorphic=True)
    for refused in (
        lambda: slope(Z[0]),
        lambda: mg.compile(slope)(Z[0]),
        lambda: mg.grad(lambda z: slope(z) * z, holomorphic=True)(Z[0]),
        lambda: mg.jacobian(f, holomorphic=True)(Z),
        lambda: mg.compile(mg.jacobian(f, mode="reverse", holomorphic=True))(Z),
        lambda: slope(np.complex64(Z[0])),
    ):
        with pytest.raises(ValueError, match=r"^(grad|jacobian): holomorphic=True, but .* not holomorphic"):
            refused()


def test_where_a_holomorphic_function_is_flat_or_infinite_it_is_not_refused() -> None:
    assert mg.grad(lambda z: z**2, holomorphic=True)(0j) == 0
    assert mg.grad(lambda z: 0 * z, holomorphic=True)(1j) == 0
    with np.errstate(all="ignore"):
        assert not np.isfinite(mg.grad(lambda z: 1 / z, holomorphic=True)(0j))
    assert mg.jacobian(lambda z: z[:0], holomorphic=True)(Z).shape == (0, 3)
    assert mg.grad(mg.sum, holomorphic=True)(Z[:0]).shape == (0,)
    assert mg.grad(lambda nothing: 1j, holomorphic=True)({}) == {}


def test_several_arguments_and_trees() -> None:
    def loss(model: Any, x: Any) -> Any:
        return mg.sum(mg.abs(model["w"] * x + model["b"]) ** 2)

    model = {"w": 1 + 1j, "b": 0.5}
    gradient, of_x = mg.grad(loss, argnums=(0, 1))(model, Z)
    y = (1 + 1j) * Z + 0.5
    np.testing.assert_allclose(gradient["w"], 2 * np.sum(np.conj(y) * Z))
    np.testing.assert_allclose(gradient["b"], 2 * np.sum(y.real))  # of a real argument the gradient is real
    assert gradient["b"].dtype == np.float64
    np.testing.assert_allclose(of_x, 2 * np.conj(y) * (1 + 1j))


def test_the_jacobian_of_real_results() -> None:
    def f(z: Any, x: Any) -> Any:
        return mg.abs(z * x) + mg.real(z[0])

    for mode in ("forward", "reverse"):
        by_z, by_x = mg.jacobian(f, argnums=(0, 1), mode=mode)(Z, W.real)
        along_x, along_y = mg.jacobian(lambda a, b: f(a + 1j * b, W.real), argnums=(0, 1))(Z.real, Z.imag)
        np.testing.assert_allclose(by_z, along_x - 1j * along_y, atol=1e-15)
        np.testing.assert_allclose(by_x, mg.jacobian(lambda x: f(Z, x))(W.real), atol=1e-15)
        assert by_x.dtype == np.float64


def test_a_pullback_gives_the_gradients_of_both_parts() -> None:
    def f(z: Any) -> Any:
        return mg.sum(mg.conj(z) ** 2 * z * W)

    value, pullback = mg.vjp(f, Z)
    assert value == f(Z)
    np.testing.assert_allclose(pullback(1.0)[0], mg.grad(lambda z: mg.real(f(z)))(Z))
    np.testing.assert_allclose(pullback(-1j)[0], mg.grad(lambda z: mg.imag(f(z)))(Z))
    y_bar, z_dot = 0.3 - 2j, W[::-1]
    _, y_dot = mg.jvp(f, (Z,), (z_dot,))
    np.testing.assert_allclose(np.real(y_bar * y_dot), np.real(np.sum(pullback(y_bar)[0] * z_dot)))


def test_kinds_of_arguments() -> None:
    for z in (3 + 4j, np.complex64(3 + 4j), np.array(3 + 4j), Tensor(3 + 4j), [3 + 4j]):
        found = mg.grad(lambda z: mg.sum(z * mg.conj(z)).real)(z)
        assert isinstance(found, Tensor) == isinstance(z, Tensor)
        assert found.dtype == np.asarray(getattr(z, "data", z) if isinstance(z, Tensor) else z).dtype
        np.testing.assert_array_equal(found.data, np.reshape(6 - 8j, np.shape(found)))
    assert mg.grad(lambda z: mg.sum(z.astype(np.complex64) * 2).real)(Z[0]) == 2


def test_real_leaves_before_a_complex_argument() -> None:
    """The gradient by a complex argument that real parameters lead to is differentiated like everything else."""
    x = Tensor(Z.real, requires_grad=True)
    z = x + 2j * x
    mg.sum(mg.abs(mg.grad(LOSSES[1])(z)) ** 2).backward()
    np.testing.assert_allclose(x.grad, 8 * np.abs(W) ** 2 * 5 * Z.real)
    mg.check_grads(lambda x: mg.abs(mg.grad(LOSSES[2])(x + 2j * x)), Z.real)


def test_functions_of_complex_arguments_are_compiled_and_checkpointed() -> None:
    for loss in LOSSES:
        compiled = mg.compile(mg.value_and_grad(loss))
        for z in (Z, Z[::-1].copy(), W):
            for found, expected in zip(compiled(z), mg.value_and_grad(loss)(z), strict=True):
                np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
        np.testing.assert_array_equal(mg.grad(mg.checkpoint(loss))(Z), mg.grad(loss)(Z))
    f = mg.compile(mg.grad(HOLOMORPHIC[2][0], holomorphic=True))
    np.testing.assert_allclose([f(z) for z in Z], HOLOMORPHIC[2][1](Z), rtol=1e-13)
    assert "check_cauchy_riemann(" in f.source


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.grad(mg.exp)(1j), r"^grad: .*complex128, expected a floating number.*holomorphic=True$"),
        (lambda: mg.grad(mg.abs, holomorphic=True)(1j), r"^grad: holomorphic=True, and the function returned float64"),
        (lambda: mg.grad(mg.exp, holomorphic=True)(1.0), r"^grad: .*an argument has dtype float64.*z \+ 0j"),
        (lambda: mg.grad(mg.multiply, (0, 1), holomorphic=True)(1j, 1.0), r"^grad: .*argument has dtype float64"),
        (lambda: mg.jacobian(mg.exp)(1j), r"^jacobian: complex results of complex arguments.*holomorphic=True"),
        (lambda: mg.jacobian(mg.abs, holomorphic=True)(Z), r"^jacobian: holomorphic=True, .*returned float64"),
        (lambda: mg.hessian(mg.abs)(1j), r"^jacobian: complex results of complex arguments.*lambda x, y: f\(x \+ 1j"),
        (lambda: mg.jvp(mg.exp, (1.0,), (1j,)), r"^jvp: the tangent .*complex128, expected numbers of dtype float64"),
        (
            lambda: Tensor(1j, requires_grad=True),
            r"complex128; make two real Tensors.*take mg\.grad\(f\)\(z\)",
        ),
        (lambda: mg.grad(mg.abs)(1), r"dtype int64; only floating types"),
    ],
)
def test_mistakes(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
