"""Gradients of gradients: the same rules, recorded."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


def derivative(y: Tensor, x: Tensor) -> Tensor:
    x.zero_grad()
    y.backward(create_graph=True)
    return x.grad


def test_derivatives_of_a_cube() -> None:
    x = Tensor(2.0, requires_grad=True)
    y = x**3
    orders = [y]
    for _ in range(4):
        orders.append(derivative(orders[-1], x))
    assert [float(d) for d in orders] == [8, 12, 12, 6, 0]


@pytest.mark.parametrize("f", [mg.exp, mg.tanh, mg.sigmoid, lambda x: 1 / x, mg.log, mg.sqrt])
def test_third_derivatives_against_differences_of_the_second(f: object) -> None:
    def second(value: float) -> tuple[Tensor, Tensor]:
        x = Tensor(value, requires_grad=True)
        return x, derivative(derivative(f(x), x), x)

    x, d2 = second(0.7)
    third = float(derivative(d2, x))
    difference = (float(second(0.7 + 1e-5)[1]) - float(second(0.7 - 1e-5)[1])) / 2e-5
    assert third == pytest.approx(difference, rel=1e-7)


def test_the_hessian_of_rosenbrock() -> None:
    p = Tensor([0.5, -1.0], requires_grad=True)
    x, y = p
    g = derivative((1 - x) ** 2 + 100 * (y - x**2) ** 2, p)
    rows = []
    for i in range(2):
        p.zero_grad()
        g[i].backward(retain_graph=True)
        rows.append(p.grad)
    a, b = 0.5, -1.0
    np.testing.assert_allclose(rows, [[2 - 400 * (b - 3 * a**2), -400 * a], [-400 * a, 200]], rtol=1e-12)


def test_the_gradients_are_tensors_and_the_graph_is_kept() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = (x**2).sum()
    y.backward(create_graph=True)
    assert isinstance(x.grad, Tensor)
    assert x.grad.requires_grad
    x.zero_grad()
    y.backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_a_gradient_penalty_reaches_the_weights() -> None:
    """‖∂y/∂x‖² = w² for y = w x: its derivative by w is 2 w."""
    w, x = Tensor(3.0, requires_grad=True), Tensor(5.0, requires_grad=True)
    (w * x).backward(create_graph=True)
    penalty = x.grad * x.grad
    w.zero_grad()
    x.zero_grad()
    penalty.backward()
    assert float(w.grad) == 6
    assert x.grad is None


def test_numbers_and_recorded_sweeps_agree_and_add_up() -> None:
    x = Tensor([0.3, -0.8], requires_grad=True)
    y = mg.tanh(x * x).sum()
    y.backward(retain_graph=True)
    numbers = x.grad.copy()
    y.backward(create_graph=True)
    np.testing.assert_allclose(x.grad.data, 2 * numbers, rtol=1e-15)


def test_the_error_signal_of_the_seed() -> None:
    """A sweep is linear in its seed, so the seed can be differentiated too: double backward gives jvp."""
    x, u = Tensor([0.3, -0.8], requires_grad=True), Tensor([1.0, 1.0], requires_grad=True)
    mg.tanh(x).backward(u, create_graph=True)
    x_bar = x.grad
    x.zero_grad()
    u.zero_grad()
    x_bar.backward([2.0, 3.0])
    np.testing.assert_allclose(u.grad, np.array([2.0, 3.0]) * (1 - np.tanh(x.data) ** 2))
