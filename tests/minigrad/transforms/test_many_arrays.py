"""Operations on n arrays take n steps, in both modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.primitive import _RuleForEach, primitives
from tests.helpers.growth import check_linear


def leaves(n: int, *shape: int) -> list[mg.Tensor]:
    values = np.linspace(0.1, 0.9, n).reshape(n, *[1] * len(shape)) * np.ones(shape)
    return [mg.Tensor(value, requires_grad=True) for value in values]


JOINS: dict[str, Callable[[list[Any]], Any]] = {
    "append": lambda xs: mg.append(xs[0], mg.concatenate(xs)),
    "block": getattr(mg, "block", mg.hstack),
    "broadcast_arrays": lambda xs: mg.stack(mg.broadcast_arrays(*xs)),
    "column_stack": mg.column_stack,
    "concatenate": mg.concatenate,
    "dstack": mg.dstack,
    "hstack": mg.hstack,
    "stack": mg.stack,
    "stack of numbers and arrays": lambda xs: mg.stack([part for x in xs for part in (x[0], 0.5, np.float64(0.5))]),
    "checkpoint": lambda xs: mg.checkpoint(lambda *parts: mg.stack(parts))(*xs),
    "vstack": mg.vstack,
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_joins_forward_and_backward(join: Callable[[list[Any]], Any], create_graph: bool) -> None:
    check_linear(
        lambda n: leaves(n, 2), lambda xs: mg.sum(join(xs) ** 2).backward(create_graph=create_graph), number=250
    )


@pytest.mark.parametrize("join", [mg.concatenate, mg.stack])
def test_joins_in_forward_mode_and_second_order(join: Callable[[list[Any]], Any]) -> None:
    def f(xs: Any) -> Any:
        return mg.sum(join(xs) ** 3)

    check_linear(lambda n: list(np.ones((n, 2))), lambda xs: mg.jvp(f, (xs,), (xs,)))
    check_linear(lambda n: list(np.ones((n, 2))), lambda xs: mg.hvp(f, xs, xs))


def test_operations_on_any_number_of_arrays_receive_them_as_one_list() -> None:
    """Handing n arrays one by one to n rules takes n² steps; few can ask for it, because few arrays fit."""
    few = {"einsum", "kron"}  # subscripts are letters, and the result of n arrays has 2ⁿ elements
    ours = [p for p in primitives() if p.__module__.startswith("minigrad.")]
    one_by_one = {p.name for p in ours if isinstance(p.rules, _RuleForEach) and not p.as_list}
    assert one_by_one <= few


def test_values_of_a_leaf_that_changed_after_a_join_stay_in_its_derivation() -> None:
    w = mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    loss = mg.sum(mg.stack([w, w]) ** 2)
    w.data = np.array([5.0, 6.0])
    assert "all agree" in mg.explain(loss).check()
