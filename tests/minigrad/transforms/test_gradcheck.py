"""check_grads must find what is wrong, or no other test of a gradient means anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

wrong = mg.Unary("test_wrong", lambda x: x * x, lambda y_bar, y, x: y_bar * (2 * x + 1e-4))
unshaped = mg.Primitive(
    "test_unshaped", lambda x: np.float64(x.sum()), lambda y_bar, y, x: np.broadcast_to(y_bar, (2, *x.shape)) / 2
)
#: The right number, from a rule whose own derivative is missing: the value of y is read, not its dependence on x.
frozen = mg.Unary(
    "test_frozen", lambda x: x * x, lambda y_bar, y, x: y_bar * 2 * (x.data if isinstance(x, Tensor) else x)
)
swapped = mg.Binary("test_swapped", lambda x, y: x * y, lambda z_bar, z, x, y: z_bar * x, lambda z_bar, z, x, y: z_bar)


def test_a_right_rule_passes() -> None:
    mg.check_grads(lambda x, y: mg.tanh(x * y) + x, [[0.3], [-0.7]], [1.5, 0.2, -1.0], order=3)


def test_a_wrong_factor_is_found_and_located() -> None:
    with pytest.raises(AssertionError, match=r"order 1, argument 1, index \(0,\)"):
        mg.check_grads(lambda x, y: x + wrong(y), [1.0, 2.0], [0.5, 3.0])


def test_a_missing_second_derivative_is_found() -> None:
    mg.check_grads(frozen, [0.5, 1.0], order=1)
    with pytest.raises(AssertionError, match="order 2"):
        mg.check_grads(frozen, [0.5, 1.0], order=2)


def test_rules_in_the_wrong_order_are_found() -> None:
    with pytest.raises(AssertionError, match="argument 0"):
        mg.check_grads(swapped, [0.5, 1.0], [2.0, 3.0])


def test_broadcasting_in_a_rule_is_undone() -> None:
    mg.check_grads(unshaped, [1.0, 2.0])


@pytest.mark.parametrize("large", [1e6, 1e9])
def test_a_step_is_as_long_as_suits_the_elements_that_it_moves(large: float) -> None:
    mg.check_grads(lambda x: mg.sin(x[1]) + 1e-9 * x[0], [large, 1.0])
    mg.check_grads(lambda x, y: mg.sin(y) + 1e-9 * x, large, 1.0)


def test_a_kink_is_found() -> None:
    with pytest.raises(AssertionError, match="central differences"):
        mg.check_grads(mg.relu, [0.0])


def test_differences_need_float64() -> None:
    with pytest.raises(TypeError, match="argument 1 has dtype float32"):
        mg.check_grads(mg.add, 1.0, np.ones(2, dtype=np.float32))
    with pytest.raises(TypeError, match="int64"):
        mg.check_grads(mg.exp, 1)


def test_tensors_and_unused_arguments() -> None:
    mg.check_grads(lambda x, unused: 2 * x, Tensor([1.0, 2.0]), 3.0)


def test_complex_steps_find_what_central_differences_cannot() -> None:
    """The message has both values; the tenth digit decides."""
    slightly = mg.Unary("test_slightly", lambda x: np.exp(x), lambda y_bar, y, x: y_bar * y * (1 + 1e-9))
    mg.check_grads(slightly, [0.5])
    with pytest.raises(AssertionError, match=r"gives 0\.2072940900\d*, complex steps give 0\.2072940898\d*"):
        mg.check_grads(slightly, [0.5], rtol=1e-10, atol=0)


def test_what_is_not_analytic_has_central_differences() -> None:
    kink = mg.Unary("test_kink", abs, lambda y_bar, y, x: y_bar * np.sign(x) * 1.001)
    mg.check_grads(lambda x: mg.maximum(x, -x), [1.0, -2.0])
    with pytest.raises(AssertionError, match="central differences"):
        mg.check_grads(kink, [1.0, -2.0])


def test_large_arguments_are_checked_in_random_directions() -> None:
    x = np.random.default_rng(0).normal(size=(30, 40))
    mg.check_grads(mg.tanh, x)
    with pytest.raises(AssertionError, match="argument 0, a random direction"):
        mg.check_grads(wrong, x)


def test_a_rule_that_is_not_linear_fails_in_forward_mode() -> None:
    """A rule element by element is its own transpose: one that mixes elements must say so."""
    mixing = mg.Unary("test_mixing", lambda x: x[::-1] * [1.0, 2.0], lambda y_bar, y, x: (y_bar * [1.0, 2.0])[::-1])
    with pytest.raises(AssertionError, match="forward mode gives"):
        mg.check_grads(mixing, [0.5, 1.0], order=1)


def test_the_tolerances_are_what_they_say() -> None:
    mg.check_grads(wrong, [1.0, -2.0], rtol=1e-4, order=1)
    mg.check_grads(wrong, [1.0, -2.0], rtol=0, atol=1.1e-3, order=1)
    with pytest.raises(AssertionError, match="order 1"):
        mg.check_grads(wrong, [1.0, -2.0], rtol=1e-6, atol=1e-6, order=1)


def test_an_error_signal_of_another_shape_is_found() -> None:
    lost = mg.Primitive("test_lost", lambda x: x.sum(), lambda y_bar, y, x: np.ones(()) * y_bar)
    with pytest.raises(ValueError, match=r"test_lost: its rule gave an error signal of shape \(\)"):
        mg.check_grads(lost, [1.0, 2.0])


def test_a_rule_that_is_wrong_in_the_way_of_complex_steps_is_found() -> None:
    flat = mg.Unary("test_flat", lambda x: np.abs(x), lambda y_bar, y, x: y_bar * 0)
    with pytest.raises(AssertionError, match="central differences"):
        mg.check_grads(flat, [1.0, -2.0])
    with pytest.raises(AssertionError, match="order 1"):
        mg.check_grads(lambda x: mg.abs(x).detach() * x, [1.0, -2.0])


def test_what_is_not_one_array_is_refused() -> None:
    with pytest.raises(TypeError, match="returned a tuple, expected one array"):
        mg.check_grads(lambda x: (x, x), 1.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda z, w: mg.exp(z) * w**2,
        lambda z, w: mg.abs(z) + mg.angle(w),
        lambda z, w: mg.conj(z) * z * mg.real(w),
        lambda z, w: mg.sum(z) / (w - 3j),
    ],
)
def test_complex_arguments(f: Any) -> None:
    z, w = np.array([0.3 + 1j, -0.7j, 1.1]), np.array([1.2 - 0.4j, 0.2 + 2j, 0.5j])
    mg.check_grads(f, z, w)
    mg.check_grads(f, z, 1.5, order=3)
    mg.check_grads(lambda x: f(1j * x, mg.exp(2j * x)), [0.3, -0.7, 1.1])


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        (lambda y_bar, y, z: 2 * y_bar * z, "along i: the backward pass"),  # as PyTorch has it: the conjugate
        (lambda y_bar, y, z: 2 * y_bar * z.real, "along i: the backward pass"),
        (lambda y_bar, y, z: -2j * y_bar * z.imag, r"index \(0,\): the backward pass"),
    ],
)
def test_a_wrong_slope_along_either_axis_of_the_plane_is_found(rule: Any, where: str) -> None:
    def size(z: Any) -> Any:
        return z.real**2 + z.imag**2

    mg.check_grads(mg.Primitive("test_size", size, lambda y_bar, y, z: 2 * y_bar * z.conj()), [2.0, 1 + 1j])
    with pytest.raises(AssertionError, match=where):
        mg.check_grads(mg.Primitive("test_wrong_size", size, rule), [2.0, 1 + 1j])


@pytest.mark.parametrize(
    "f", [lambda x: np.ones(3), lambda x: 2.0, lambda x: x > 2, lambda x: np.floor(x), lambda x: Tensor([1.0, 2.0])]
)
def test_a_function_without_a_gradient_has_the_gradient_0(f: Any) -> None:
    mg.check_grads(f, [1.3, 2.7, 3.1])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: mg.grad(lambda y: mg.sum(y**3))(x),
        lambda x: mg.value_and_grad(lambda y: mg.sum(mg.tanh(y)))(x)[1],
        lambda x: mg.jvp(mg.exp, (x,), (np.ones(3),))[1],
        lambda x: mg.vjp(mg.exp, x)[1](np.ones(3))[0],
        lambda x: mg.hvp(lambda y: mg.sum(y**3), x, np.ones(3)),
        lambda x: mg.jacobian(lambda y: y**3)(x),
        lambda x: (x - 0.1 * mg.grad(lambda w: mg.sum((w * x) ** 2))(x)) ** 2,  # a step of gradient descent
        lambda x: mg.checkpoint(lambda y: mg.tanh(y) * y)(x),
    ],
)
def test_a_function_that_differentiates_is_differentiated(f: Any) -> None:
    mg.check_grads(f, [0.3, -0.7, 1.1])
    with pytest.raises(AssertionError, match="order 1"):
        mg.check_grads(lambda x: wrong(x) + f(x), [0.3, -0.7, 1.1])


NEAR = np.array([1.0, 1.0015, 1.001])
PIECEWISE: dict[str, tuple[Any, Any]] = {
    **{name: (getattr(mg, name), NEAR) for name in ("max", "min", "ptp", "median", "sort")},
    "maximum": (lambda x: mg.maximum(x[0], x[1]), NEAR),
    "fmin": (lambda x: mg.fmin(x[0], x[1]), NEAR),
    "quantile": (lambda x: mg.quantile(x, 0.3), NEAR),
    "the norm of order infinity": (lambda x: mg.vector_norm(x, ord=np.inf), NEAR),
    "max_pool1d": (lambda x: mg.max_pool1d(x.reshape(1, 1, 3), 3), NEAR),
    "interp": (lambda x: mg.interp(x, [0.0, 1.0, 2.0], [0.0, 3.0, 1.0]), 1 + 1e-6),
    "clip": (lambda x: mg.clip(x, 0, 1), 1 + 1e-5),
    "remainder": (lambda x: x % 1.0, 2 - 1e-4),
    "floor_divide": (lambda x: x // 1.0, 2 + 1e-4),
    "where": (lambda x: mg.where(x > 0, 2 * x, 5 * x), 1e-4),
    "copysign": (lambda x: mg.copysign(x, x), -1e-4),
    **{name: (getattr(mg, name), 3e-4) for name in ("relu", "abs", "sign", "leaky_relu", "elu", "selu")},
    "a large array": (lambda x: mg.sum(mg.relu(x)), np.random.default_rng(0).normal(size=(50, 40))),
}


@pytest.mark.parametrize("kind", PIECEWISE)
def test_a_kink_or_a_tie_that_is_near_gives_no_false_alarm(kind: str) -> None:
    f, x = PIECEWISE[kind]
    mg.check_grads(f, x)
    with pytest.raises(AssertionError, match="order 1"):
        mg.check_grads(lambda x: wrong(f(x)) + 0.5 * wrong(x).sum(), x)
