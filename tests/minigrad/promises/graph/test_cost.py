"""Time and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.growth import check_linear
from tests.minigrad.promises import same


def test_joins() -> None:
    """joins of n arrays"""

    def f(xs: Any) -> Any:
        return mg.sum(mg.stack(xs) ** 2 * mg.hstack(xs))

    check_linear(lambda n: list(np.ones((n, 1, 1))), mg.grad(f))
    check_linear(lambda n: list(np.ones((n, 1, 1))), lambda xs: mg.hvp(f, xs, xs))
    same(mg.grad(lambda xs: mg.sum(mg.stack(xs) ** 2))([1.0, 2.0]), [2, 4])


def squares(n: int) -> Tensor:
    total: Any = 0.0
    for i in range(n):
        w = Tensor(1 + i / n, requires_grad=True)
        total = total + w * w
    return total  # type: ignore[no-any-return]


def test_explain() -> None:
    """`explain` of n operations, and what it can do"""
    check_linear(squares, mg.explain, number=40)
    for use in (str, lambda derivation: derivation.latex(), lambda derivation: derivation.check()):
        check_linear(lambda n: mg.explain(squares(n)), use, number=40)


def test_check() -> None:
    """`check()` of more than 32 leaves"""
    derivation = mg.explain(squares(100))
    assert "100 error signals held against finite differences: all agree" in derivation.check()
    leaf = next(iter(derivation.replay.leaves))
    derivation.replay.leaves[leaf] = leaf.data + 0.5  # so its error signal is wrong there
    with pytest.raises(AssertionError):
        derivation.check()
