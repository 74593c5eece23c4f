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
