"""Writing a program: its steps grow with the number of lines alone, and `import minigrad` loads nothing of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.program.compiled import compile


def chain(n: int) -> Callable[..., Any]:
    def f(w: Any, b: Any) -> Any:
        y = b
        for _ in range(n):
            y = mg.relu(w * y + b)
        return y

    return f


def terms(n: int) -> Callable[..., Any]:
    """One error signal for all terms of a sum."""

    def f(w: Any, b: Any) -> Any:
        found = [mg.tanh(w * float(k)) for k in range(n)]
        return sum(found, b)

    return f


def copies(n: int) -> Callable[..., Any]:
    """One variable in place of all others."""

    def f(w: Any, b: Any) -> Any:
        for _ in range(n):
            w = -w
            w = -w
        return w * b

    return f


def steps(f: Callable[..., Any]) -> int:
    """How many calls of functions a program takes to be written."""
    compiled = compile(mg.value_and_grad(f, argnums=(0, 1)))
    calls = 0

    def count(_frame: Any, event: str, _: Any) -> None:
        nonlocal calls
        calls += event.endswith("call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        compiled(np.float64(0.5), np.float64(0.25))
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("function", [chain, terms, copies])
def test_the_number_of_steps_is_proportional_to_that_of_lines(function: Callable[[int], Any]) -> None:
    steps(function(3))  # what is looked up once
    few, more, many = (steps(function(n)) for n in (20, 40, 80))
    assert many - more == pytest.approx(2 * (more - few), rel=0.02)


@pytest.mark.slow
def test_a_function_of_six_thousand_lines() -> None:
    """More than Python nests calls."""
    f = mg.value_and_grad(chain(2000), argnums=(0, 1))
    compiled = compile(f)
    for args in [(np.float64(0.5), np.float64(0.25)), (np.float64(0.9), np.float64(0.1))]:
        assert compiled(*args) == f(*args)
    assert len(compiled.source.splitlines()) > 6_000


def test_import_minigrad_loads_nothing_that_writes_programs() -> None:
    code = "import sys, minigrad; print(*(name for name in sys.modules if name.startswith('minigrad.program.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "minigrad.program.compiled" in run.stdout.split()
    assert not {"minigrad.program.program", "minigrad.program.recording.recording"} & {*run.stdout.split()}
