"""Constants are as they were where they were used, and settings of floating-point errors those of their own line."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.compiled.agrees import agrees, assert_identical

X = np.array([1.0, 2.0, 3.0])


def test_an_array_that_is_filled_step_by_step() -> None:
    def f(x: Any) -> Any:
        steps = np.zeros(3)
        numbers = [0.0, 0.0, 0.0]
        found = []
        for i in range(3):
            steps[i] = numbers[i] = i + 1.0
            found += [x + steps, np.add(x, numbers), mg.Tensor(x) * steps]
        return found

    agrees(f, (X,), (2.0 * X,))


@pytest.mark.parametrize("size", [3, 1000])
def test_an_array_outside_is_never_written_into(size: int) -> None:
    """Whether it is short enough to be written out or not."""
    outside = np.arange(float(size))
    compiled = mg.compile(lambda x: (x + outside, outside, mg.Tensor(outside)))
    x = np.ones(size)
    for number in (0.0, -1.0):
        outside += number
        before = outside.copy()
        for _ in range(2):
            total, constant, tensor = compiled(x)
            assert_identical(total, x + before)
            assert_identical(constant, before)
            assert_identical(tensor.data, before)
            constant[...] = tensor.data[...] = 7.0


def test_a_counter_in_an_array() -> None:
    counter = np.zeros(3)

    def f(x: Any) -> Any:
        counter[0] += 1.0
        return x + counter

    with pytest.raises(RuntimeError, match="a counter, or a state outside"):
        mg.compile(f)(X)


def quiet_then_loud(x: Any) -> Any:
    with np.errstate(divide="ignore"):
        y = 1.0 / x
    return y + 1.0 / (2.0 * x)


def loud_then_quiet(x: Any) -> Any:
    y = 1.0 / x
    with np.errstate(all="ignore"):
        return (y - y) * x


def always_loud(x: Any) -> Any:
    with np.errstate(divide="warn"):
        return 1.0 / x


@pytest.mark.parametrize("f", [quiet_then_loud, loud_then_quiet, always_loud])
@pytest.mark.parametrize("zero", [np.array([0.0, 1.0]), np.float64(0.0)], ids=["array", "number"])
@pytest.mark.parametrize("first", ["warn", "ignore", "raise"])
@pytest.mark.parametrize("later", ["warn", "ignore", "raise"])
def test_settings_are_the_callers_but_for_those_of_the_function(f: Any, zero: Any, first: Any, later: Any) -> None:
    compiled = mg.compile(f)
    with np.errstate(all=first):
        compiled(zero + 1.0)

    def outcome(g: Any) -> Any:
        with warnings.catch_warnings(record=True) as caught, np.errstate(all=later):
            warnings.simplefilter("always")
            try:
                g(zero)
            except FloatingPointError as error:
                return type(error)
        return len(caught)

    assert outcome(compiled) == outcome(f)


def test_the_first_call_warns_once() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mg.compile(lambda x: np.log(x))(np.zeros(2))
    assert [str(w.message) for w in caught] == ["divide by zero encountered in log"]


def test_an_operation_that_asks_whether_a_number_is_other_than_zero() -> None:
    """The condition is written down as it was asked: ``bool(3.7)`` is not 3.7."""

    def f(x: Any) -> Any:
        return mg.norm(x), mg.std(x)

    with np.errstate(all="ignore"):
        agrees(f, *[(X * scale,) for scale in (1.0, 1e200, 1e-200, 0.0, np.inf, np.nan, -1.0)])
