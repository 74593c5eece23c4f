"""A function that draws random numbers is refused, even where two recordings take the same branch."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg

RNG = np.random.default_rng(0)
STATE, PYTHONS = np.random.RandomState(0), random.Random(0)


class Layer:
    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def forward(self, x: Any) -> Any:
        return x if self.rng.random() < 2.0 else -x


def helper() -> bool:
    return RNG.random() < 2.0


def by_argument(rng: Any, x: Any) -> Any:
    return x if rng.random() < 2.0 else -x


def by_closure() -> Callable[[Any], Any]:
    rng = np.random.PCG64(0)
    return lambda x: x if rng.random_raw() >= 0 else -x


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x if random.random() < 2.0 else -x,
        lambda x: x if np.random.rand() < 2.0 else -x,  # noqa: NPY002
        lambda x: x if RNG.random() < 2.0 else -x,
        lambda x: [x for _ in range(1) if RNG.random() < 2.0],
        lambda x: x if helper() else -x,
        lambda x, rng=STATE: x if rng.random() < 2.0 else -x,
        lambda x, rng=PYTHONS: x if rng.random() < 2.0 else -x,
        by_closure(),
        Layer().forward,
        functools.partial(by_argument, np.random.default_rng(0)),
    ],
)
def test_a_branch_that_is_always_the_same_one(f: Callable[[Any], Any]) -> None:
    with pytest.raises(RuntimeError, match=r"changes from call to call.*random numbers"):
        mg.compile(f)(np.ones(2))


def test_a_function_that_draws_nothing_may_know_generators() -> None:
    compiled = mg.compile(lambda x: x if RNG is not None else helper())
    np.testing.assert_array_equal(compiled(np.ones(2)), np.ones(2))
