"""Names that a function looks up, in itself and in the functions that it calls."""

from __future__ import annotations

from functools import partial, wraps
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.program.recording.captured import same_names

scale: Any = [1.0]


def scaled(x: Any) -> Any:
    return scale[0] * x


def test_a_name_that_is_bound_anew(monkeypatch: Any) -> None:
    @wraps(scaled)
    def wrapped(x: Any) -> Any:
        return scaled(x)

    for f in (scaled, lambda x: scaled(x), partial(scaled), mg.grad(scaled), wrapped):
        holds = same_names(f)
        assert holds()
        with monkeypatch.context() as context:
            context.setitem(globals(), "scale", [1.0])
            assert not holds()
        assert holds()


def test_numbers_are_compared_by_value() -> None:
    step = 1000

    def f(x: Any) -> Any:
        return x * step

    holds = same_names(f)
    step = int("1000")
    assert holds()
    step = 1001
    assert not holds()


def test_functions_without_names_of_their_own() -> None:
    assert same_names(np.exp)()
    assert same_names(lambda x: x)()


def test_functions_that_call_each_other() -> None:
    def even(n: int) -> bool:
        return n == 0 or odd(n - 1)

    def odd(n: int) -> bool:
        return n != 0 and even(n - 1)

    assert same_names(even)()
