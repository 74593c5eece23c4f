"""The fast style over every operation, and over random programs, with all arrays as if they were large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.program.compiled import compile
from minigrad.program.fast import memory
from tests.helpers.parametrized.for_each import naming
from tests.minigrad.program.test_random_programs import Program, programs, same_value_and_gradients
from tests.minigrad.program.test_registry import gradient, holds, second, smallest
from tests.samples import SAMPLES


@pytest.fixture(autouse=True)
def every_array_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LARGE", 1)


@pytest.mark.parametrize("operation", SAMPLES)
def test_first_and_second_derivative(operation: str) -> None:
    sample = smallest(operation)
    with naming(sample):
        holds(gradient(sample), sample.arrays, "fast")
        holds(second(sample), sample.arrays, "fast")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(programs, st.integers(0, 99))
def test_random_programs(program: Program, seed: int) -> None:
    same_value_and_gradients(program, seed, "fast")


def test_an_unknown_style() -> None:
    with pytest.raises(ValueError, match=r"style='quick', expected one of 'readable', 'fast'"):
        compile(mg.sin, "quick")


def network(p: Any, x: Any, t: Any) -> Any:
    z = mg.max_pool2d(mg.relu(mg.conv2d(x, p[0], p[1], padding=1)), 2)
    y = mg.relu(mg.reshape(z, (len(x), -1)) @ mg.transpose(p[2]) + p[3])
    return mg.cross_entropy(y, t)


def arguments(seed: int, dtype: Any = np.float64) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    p = [rng.normal(0, 0.3, shape).astype(dtype) for shape in ((8, 3, 3, 3), (8,), (5, 128), (5,))]
    return p, rng.normal(size=(6, 3, 8, 8)).astype(dtype), rng.integers(0, 5, 6)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_network(dtype: Any) -> None:
    step: Callable[..., Any] = mg.value_and_grad(network)
    compiled = compile(step, "fast")
    for seed in range(3):
        (value, bars), (expected, expected_bars) = compiled(*arguments(seed, dtype)), step(*arguments(seed, dtype))
        assert value == expected
        for found, bar in zip(bars, expected_bars, strict=True):
            np.testing.assert_array_equal(found, bar)
