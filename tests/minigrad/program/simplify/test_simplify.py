"""Programs compute what is needed, once; constants are folded, and the numbers stay what they were."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from minigrad.program.compiled import compile


def body(f: Any, *args: Any) -> list[str]:
    compiled = compile(f)
    compiled(*args)
    lines = compiled.source.split("def ")[1].splitlines()[1:]
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


X, A = np.float64(2.0), np.arange(6.0).reshape(2, 3)


def test_what_is_not_needed_is_not_computed() -> None:
    def f(x: Any, y: Any) -> Any:
        _ = mg.exp(y)
        return x + 1.0

    assert body(f, X, X) == ["return x + 1.0"]


def test_what_is_computed_twice_is_computed_once() -> None:
    def f(a: Any) -> Any:
        return mg.exp(a) * mg.sum(mg.exp(a)) + a.T.T

    assert body(f, A) == ["exp_a = np.exp(a)", "return exp_a * exp_a.sum() + a"]


def test_negative_zero_and_nan_stay() -> None:
    """x + 0 is not x for −0, and 0 x is not 0 for NaN; 1 x, x¹, x / 1, x − 0 and −(−x) are x."""

    def f(x: Any) -> Any:
        return x + 0.0, 0.0 * x, (1.0 * x) ** 1 / 1 - 0.0, mg.negative(-x), 1 * x

    assert body(f, X) == ["return x + 0.0, 0.0 * x, x, x, x"]
    compiled = compile(f)
    compiled(X)
    assert not np.signbit(compiled(np.float64(-0.0))[0])
    assert np.isnan(compiled(np.float64(np.nan))[1])


def test_what_changes_the_dtype_stays() -> None:
    assert body(lambda n: n * 1.0, np.arange(3)) == ["return n * 1.0"]
    assert body(lambda x: x * np.float64(1.0), np.float32([1.0])) == ["return x * np.float64(1.0)"]
    assert body(lambda x: x.astype(np.float32), A) == ["return x.astype(np.float32)"]


def test_error_signals_of_means_are_numbers() -> None:
    def f(x: Any) -> Any:
        y = mg.tanh(x)
        return mg.mean(y)

    assert body(mg.grad(f), np.ones((2, 4))) == ["y = np.tanh(x)", "x_bar = (1 - y * y) / 8", "return x_bar"]


def test_powers_of_two_cancel() -> None:
    def f(w: Any) -> Any:
        return 0.5 * mg.sum(w**2)

    assert body(mg.grad(f), A) == ["w_bar = w.copy()", "return w_bar"]
