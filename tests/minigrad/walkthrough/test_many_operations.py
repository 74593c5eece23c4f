"""A derivation of n operations takes time in proportion to n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.growth import check_linear


def total_of_squares(n: int) -> mg.Tensor:
    total: Any = 0.0
    for value in np.linspace(0.1, 0.9, n):
        w = mg.Tensor(value, requires_grad=True)
        total = total + w * w
    return total  # type: ignore[no-any-return]


def chain(n: int) -> mg.Tensor:
    y = mg.Tensor(0.5, requires_grad=True)
    for _ in range(n):
        y = mg.sin(y) + 0.1
    return y


def uses(n: int) -> mg.Tensor:
    w, total = mg.Tensor(0.5, requires_grad=True, name="w"), mg.Tensor(0.0)
    for i in range(n):
        total = total + mg.sin(w * i)
    return total


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("graph", [chain, uses, total_of_squares])
def test_explain_of_many_operations(graph: Callable[[int], mg.Tensor], every_step: bool) -> None:
    check_linear(graph, lambda loss: mg.explain(loss, every_step=every_step), number=40)


@pytest.mark.parametrize("use", ["__str__", "latex", "html", "markdown", "check", "wrong_order"])
def test_what_a_derivation_of_many_operations_can_do(use: str) -> None:
    check_linear(lambda n: mg.explain(uses(n)), lambda derivation: getattr(derivation, use)(), number=40)


def test_check_of_many_leaves() -> None:
    check_linear(lambda n: mg.explain(total_of_squares(n)), lambda derivation: derivation.check(), number=64)


@pytest.mark.parametrize("wrong", [0, 41, 99])
def test_check_names_the_leaf_that_is_wrong_among_many(wrong: int, monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = mg.explain(total_of_squares(100))
    monkeypatch.setattr("minigrad.walkthrough.check._check_value", lambda *args: None)
    leaf = list(derivation.replay.leaves)[wrong]
    name = derivation.replay.names[leaf].bar
    step = next(step for step in derivation.backward if step.name == name)
    object.__setattr__(step, "value", step.value * 1.1)
    with pytest.raises(AssertionError, match=rf"check: {name.text} predicts"):
        derivation.check()
