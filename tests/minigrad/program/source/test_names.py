"""Names: those of the user's variables, all different, and never one that Python or the program needs."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from minigrad.program.compiled import compile

X = np.array([0.5, -1.0])


def source(f: Any, *args: Any) -> str:
    compiled = compile(f)
    found = compiled(*args)
    np.testing.assert_equal(np.asarray(found), np.asarray(f(*args)))
    return compiled.source


def test_names_of_outer_functions_come_first() -> None:
    def layer(v: Any) -> Any:
        out = mg.tanh(v)
        return out * out

    def f(x: Any) -> Any:
        h1 = layer(x)
        h2 = layer(h1)
        return mg.sum(h2)

    text = source(mg.grad(f), X)
    for line in ("h1 = out * out", "h2 = out_2 * out_2", "h1_bar = ", "out_bar = ", "x_bar = "):
        assert line in text


def test_reserved_names() -> None:
    def f(np_: Any, lam: Any) -> Any:
        np = np_ + 1.0
        sum = np * lam
        return mg.exp(sum) * sum + np

    text = source(f, X, X)
    assert "np_2 = np_ + 1.0" in text
    assert "sum_2 = np_2 * lam" in text


def test_a_name_that_is_given_counts() -> None:
    def f(x: Any) -> Any:
        y = mg.tanh(mg.Tensor(x)).named("conv1.out")
        return (y * y).data

    assert "conv1_out = np.tanh(x)" in source(f, X)


def test_a_function_with_the_name_of_a_builtin() -> None:
    def abs(x: Any) -> Any:
        return -x if x.ndim > 5 else mg.abs(x)

    assert "def abs_2(x):" in source(abs, X)


def test_values_of_a_loop_have_its_name() -> None:
    def f(x: Any) -> Any:
        h = 0.0 * x
        for weight in (1.0, 2.0, 3.0):
            h = mg.tanh(weight * x + h)
        return mg.sum(h)

    text = source(f, X)
    for line in ("h = np.tanh(x + 0.0 * x)", "h_2 = np.tanh(2.0 * x + h)", "h_3 = np.tanh(3.0 * x + h_2)"):
        assert line in text


def test_values_without_a_name_are_called_after_what_they_are_computed_from() -> None:
    text = source(lambda x, v: v * np.cos(x) + np.cos(x) ** 2 + mg.sum(np.exp(x * v) * np.exp(x * v)), X, X)
    assert "cos_x = np.cos(x)" in text
    assert "u1 = np.exp(x * v)" in text  # v1 would look like a part of v


def test_an_array_that_is_copied_keeps_its_name() -> None:
    Q, K = np.ones((2, 3)), np.ones((2, 3))
    step = mg.compile(mg.grad(lambda Q, K: mg.sum(mg.tanh(Q @ K.T)), argnums=(0, 1)))
    step(Q, K)
    assert "Q = Q.copy()" in step.source
    assert "Q_bar = " in step.source
