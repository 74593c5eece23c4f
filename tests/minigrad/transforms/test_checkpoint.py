"""Recomputing instead of storing: the same gradients in less memory."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.helpers.memory.peak import peak_bytes


def layer(w: Any, x: Any) -> Any:
    return mg.tanh(w @ x) * x


W, X = np.array([[0.5, -0.3], [0.8, 0.2]]), np.array([0.7, -1.1])


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_any_order_are_the_same(order: int) -> None:
    mg.check_grads(mg.checkpoint(layer), W, X, order=order)


def test_gradients_and_tangents_are_the_same_in_every_mode() -> None:
    light = mg.checkpoint(layer)

    def loss(f: Any) -> Any:
        return lambda w: mg.sum(f(w, f(w, X)) ** 2)

    np.testing.assert_array_equal(mg.grad(loss(light))(W), mg.grad(loss(layer))(W))
    np.testing.assert_allclose(mg.hessian(loss(light))(W), mg.hessian(loss(layer))(W), rtol=1e-12)
    for f in (light, layer):
        assert mg.jvp(loss(f), (W,), (np.ones_like(W),))[1] == pytest.approx(
            float(np.sum(mg.grad(loss(layer))(W))), rel=1e-12
        )


def test_parameters_of_a_module_get_their_gradients() -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1))
    x = Tensor(np.random.default_rng(0).normal(size=(5, 3)), dtype=np.float32, requires_grad=True)

    def gradients(run: Any) -> list[Any]:
        model.zero_grad()
        x.zero_grad()
        run(x).sum().backward()
        return [x.grad, *(p.grad for p in model.parameters())]

    for found, expected in zip(gradients(mg.checkpoint(model)), gradients(model), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_computed_values_from_outside_get_their_signals() -> None:
    w = Tensor(0.5, requires_grad=True)
    doubled = 2 * w
    y = mg.checkpoint(lambda x: x * doubled * w)(Tensor(3.0))
    y.backward()
    assert float(w.grad) == 4 * 0.5 * 3


def test_nothing_in_between_is_kept() -> None:
    x = Tensor(W, requires_grad=True)
    y = mg.checkpoint(lambda x: mg.exp(mg.exp(mg.exp(x))))(x)
    assert y._inputs == (x,)


def deep(layers: list[Any], piece: int, wrap: Any) -> Any:
    """A thousand layers, `piece` of them at a time."""

    def run(x: Any) -> Any:
        for start in range(0, len(layers), piece):

            def block(x: Any, some: Any = tuple(layers[start : start + piece])) -> Any:
                for w in some:
                    x = mg.tanh(x @ w)
                return x

            x = wrap(block)(x)
        return x

    return run


def test_a_thousand_layers_take_a_tenth_of_the_memory() -> None:
    rng = np.random.default_rng(0)
    layers = [Tensor(rng.normal(size=(8, 8)) / 3, requires_grad=True) for _ in range(1000)]
    x = rng.normal(size=(256, 8))

    def peak(wrap: Any) -> tuple[int, Any]:
        for w in layers:
            w.grad = np.zeros(w.shape)  # not counted: both need them
        gc.collect()
        return peak_bytes(lambda: deep(layers, 32, wrap)(x).sum().backward()), layers[0].grad

    (light, found), (plain, expected) = peak(mg.checkpoint), peak(lambda f: f)
    np.testing.assert_array_equal(found, expected)
    assert light < plain / 10


def test_what_is_random_is_refused() -> None:
    rng = np.random.default_rng(0)
    y = mg.checkpoint(lambda x: x * rng.normal())(Tensor(1.0, requires_grad=True))
    with pytest.raises(RuntimeError, match=r"another result.*dropout"):
        y.backward()


def test_what_was_rebound_is_refused() -> None:
    w = Tensor(2.0, requires_grad=True, name="w")
    y = mg.checkpoint(lambda x: x * w)(Tensor(1.0, requires_grad=True))
    w.data = np.float64(3.0)
    with pytest.raises(RuntimeError, match=r"'w' was given another value.*backward\(\) before"):
        y.backward()


def test_several_results_are_refused() -> None:
    with pytest.raises(TypeError, match="returned tuple, expected one Tensor"):
        mg.checkpoint(lambda x: (x, x))(Tensor(1.0, requires_grad=True))


def test_where_nothing_is_recorded_the_function_is_itself() -> None:
    with mg.no_grad():
        assert not mg.checkpoint(layer)(Tensor(W, requires_grad=True), X).requires_grad
    assert mg.checkpoint(lambda x: x * 2)(Tensor(1.0)).is_leaf


def test_a_derivation_and_a_drawing_have_it_as_one_operation() -> None:
    x = Tensor(0.5, requires_grad=True, name="x")
    loss = (mg.checkpoint(lambda x: mg.exp(x * x))(x) * 2).named("L")
    walkthrough = mg.explain(loss)
    assert "checkpoint(x)" in str(walkthrough)
    assert walkthrough.check().endswith("all agree")
    assert "checkpoint" in str(mg.draw(loss))


def test_where_only_the_derivative_is_not_recorded() -> None:
    x = Tensor(3.0, requires_grad=True)
    _, pullback = mg.vjp(mg.checkpoint(lambda z: z * z), x)
    with mg.no_grad():
        assert float(pullback(1.0)[0]) == 6


def test_another_sweep_computes_again() -> None:
    w = Tensor(2.0, requires_grad=True)
    _, pullback = mg.vjp(mg.checkpoint(lambda x: x * w), np.array([1.0, 1.0]))
    seed = np.array([1.0, 2.0])
    np.testing.assert_array_equal(pullback(seed)[0].data, [2, 4])
    seed *= 10
    np.testing.assert_array_equal(pullback(seed)[0].data, [20, 40])


def test_numbers_go_through() -> None:
    assert mg.checkpoint(mg.sin)(0.0) == 0


def test_forward_mode_computes_again_once_for_all_inputs() -> None:
    calls = []

    def f(*xs: Any) -> Any:
        calls.append(len(xs))
        return sum((x * x for x in xs), Tensor(0.0))

    value, tangent = mg.jvp(mg.checkpoint(f), (1.0, 2.0, 3.0), (1.0, 1.0, 1.0))
    assert (value, tangent) == (14, 12)
    assert len(calls) == 2
