"""Other backward rules hold in programs, too: in a sweep of a compiled function, and around one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.compiled.agrees import agrees, assert_identical

RNG = np.random.default_rng(0)
X, Y, Z = RNG.normal(size=(3, 4, 3))


def guided(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return y_bar * (x > 0) * (y_bar > 0)


def straight_through(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return y_bar


def scaled(scale: Any) -> dict[Any, Any]:
    return {mg.tanh: lambda y_bar, y, x: scale * y_bar, mg.multiply: (None, lambda z_bar, z, x, y: z_bar * x * scale)}


def loss(x: Any, w: Any) -> Any:
    return mg.sum(mg.relu(mg.tanh(x * w)) ** 2 - mg.relu(w))


RULES: dict[str, Callable[[Any], dict[Any, Any]]] = {
    "guided": lambda scale: {mg.relu: guided},
    "straight through": lambda scale: {mg.relu: straight_through, mg.tanh: straight_through},
    "scaled": scaled,
    "where": lambda scale: {mg.relu: lambda y_bar, y, x: mg.where(x > scale, y_bar, 0.1 * y_bar)},
    "none": lambda scale: {},
}


@pytest.mark.parametrize("name", RULES)
def test_vjp_within(name: str) -> None:
    rules = RULES[name]
    f = lambda x, w, scale: mg.vjp(loss, x, w, rules=rules(scale))[1](scale)  # noqa: E731
    agrees(
        f, *[(x, w, np.float64(scale)) for x, w, scale in ((X, Y, 0.5), (Y, Z, -1.5), (Z, X, 0.25), (X.T, Y.T, 2.0))]
    )


@pytest.mark.parametrize("name", [name for name in RULES if name != "none"])
def test_backward_within(name: str) -> None:
    rules = RULES[name]

    def gradients(x: Any, w: Any, scale: Any) -> Any:
        x, w = mg.Tensor(x, requires_grad=True), mg.Tensor(w, requires_grad=True)
        loss(x, w).backward(rules=rules(scale))
        return x.grad, w.grad

    agrees(gradients, (X, Y, 0.5), (Y, Z, -1.5), (Z, X, 0.25))


def test_both_rules_in_one_function() -> None:
    """The same sweep by the operation's own rules and by others are two results."""

    def f(x: Any, w: Any) -> Any:
        own = mg.vjp(loss, x, w)[1](np.float64(1.0))
        changed = mg.vjp(loss, x, w, rules={mg.relu: straight_through})[1](np.float64(1.0))
        return own, changed

    compiled = agrees(f, (X, Y), (Y, Z), (Z, X))
    own, changed = compiled(X, Y)
    assert not np.array_equal(own[1], changed[1])


def test_derivatives_of_changed_sweeps() -> None:
    def squares(x: Any, w: Any) -> Any:
        return mg.sum(mg.vjp(loss, x, w, rules={mg.relu: guided})[1](np.float64(1.0))[0] ** 2)

    agrees(mg.value_and_grad(squares, argnums=(0, 1)), (X, Y), (Y, Z), (Z, X))


def test_within_checkpoint() -> None:
    saved = mg.checkpoint(loss)
    f = lambda x, w: mg.vjp(saved, x, w, rules={mg.relu: straight_through})[1](np.float64(2.0))  # noqa: E731
    agrees(f, (X, Y), (Y, Z), (Z, X))


def test_around_a_compiled_function_that_has_programs() -> None:
    compiled = mg.compile(loss)
    for x, w in ((X, Y), (Y, Z), (X, Y)):
        assert_identical(compiled(x, w), loss(x, w))
        for rules in ({mg.relu: straight_through}, {mg.relu: guided}):
            expected = mg.vjp(loss, x, w, rules=rules)[1](np.float64(1.0))
            assert_identical(mg.vjp(compiled, x, w, rules=rules)[1](np.float64(1.0)), expected)
