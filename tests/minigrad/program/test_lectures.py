"""The programs of the lectures' derivations stand in golden/, as a lecturer would write them, and run."""

from __future__ import annotations

from typing import Any

import pytest

from minigrad.program.compiled import compile
from tests.helpers.compiled.agrees import assert_identical
from tests.minigrad.program.lectures import GOLDEN, LECTURES, program


@pytest.mark.parametrize("name", LECTURES)
def test_the_text(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert program(name) == golden, "python -m tests.minigrad.program.lectures writes it anew; read the diff"


@pytest.mark.parametrize("name", LECTURES)
def test_the_text_computes_what_the_function_does(name: str) -> None:
    f, args = LECTURES[name]
    namespace: dict[str, Any] = {}
    exec((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), namespace)
    compiled = compile(f)
    for seed in range(3):
        assert_identical(namespace[name](*args(seed)), f(*args(seed)))
        assert_identical(compiled(*args(seed)), f(*args(seed)))


def test_the_programs_written_by_hand() -> None:
    """Value and gradients of the regularised regression, line by line as the lecture has them."""
    lines = [line.strip() for line in (GOLDEN / "regularised_regression.txt").read_text(encoding="utf-8").splitlines()]
    body = [line for line in lines[lines.index("# forward pass") :] if line]
    assert body == [
        "# forward pass",
        "z = w * x + b",
        "y = sigmoid(z)",
        "L = 0.5 * (y - t) ** 2",
        "R = 0.5 * w**2",
        "L_reg = L + lam * R",
        "# backward pass",
        "R_bar = lam",
        "y_bar = y - t",
        "z_bar = y_bar * y * (1 - y)",
        "w_bar = z_bar * x + R_bar * w",
        "b_bar = z_bar",
        "return L_reg, (w_bar, b_bar)",
    ]
