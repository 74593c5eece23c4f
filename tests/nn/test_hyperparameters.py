"""Settings: numbers in their range, and what every other value is called."""

from __future__ import annotations

import pickle
from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.5), np.int8(3), np.float16(0), 1e300])
def test_a_number_becomes_pythons(value: Any) -> None:
    assert finite_number("lr", value) == value
    assert type(finite_number("lr", value)) is float


@pytest.mark.parametrize("value", [1, 7, np.int8(3), np.uint64(2)])
def test_a_whole_number_becomes_pythons(value: Any) -> None:
    assert whole_number("epochs", value, least=1) == value
    assert type(whole_number("epochs", value, least=1)) is int


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (None, "None"),
        (True, "True"),
        (np.False_, "np.False_"),
        ("0.1", "'0.1'"),
        (1j, "1j"),
        ([0.1], "a list"),
        (len, "a builtin_function_or_method"),
        (np.ones(2), r"a ndarray of shape \(2,\)"),
        (mg.Tensor([1.0, 2.0]), r"a Tensor of shape \(2,\)"),
    ],
)
def test_what_is_not_a_number_is_a_type_error_that_shows_it(value: Any, given: str) -> None:
    with pytest.raises(TypeError, match=f"^lr is {given}, expected a number$"):
        finite_number("lr", value)
    with pytest.raises(TypeError, match=f"^epochs is {given}, expected a whole number$"):
        whole_number("epochs", value, least=0)


@pytest.mark.parametrize("value", [np.array(0.1), np.ones((1, 1)), mg.Tensor(2), np.array([1], np.uint8)], ids=repr)
def test_an_array_of_one_number_gets_the_mend(value: Any) -> None:
    with pytest.raises(
        TypeError, match=r"lr is a \w+ of shape \(.*\), expected a number; write .item\(\) for its number$"
    ):
        finite_number("lr", value)


def test_an_array_of_one_text_gets_none() -> None:
    with pytest.raises(TypeError, match=r"expected a number$"):
        finite_number("lr", np.array("0.1"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.nan, "lr is nan, expected a finite number"),
        (-np.inf, "lr is -inf, expected a finite number"),
        (np.float32(np.inf), "lr is inf, expected a finite number"),
        (-1e-9, "lr is -1e-09, but must not be negative"),
        (2.5, "lr is 2.5, expected at most 2"),
    ],
)
def test_numbers_out_of_range_are_value_errors(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        finite_number("lr", value, most=2)


def test_bounds_belong_to_the_range() -> None:
    assert (finite_number("p", 2, most=2), finite_number("p", 0, most=2), whole_number("n", 3, least=3)) == (2, 0, 3)
    with pytest.raises(ValueError, match=r"^n is 2, expected at least 3$"):
        whole_number("n", 2, least=3)
    with pytest.raises(TypeError, match=r"^n is 2\.0, expected a whole number$"):
        whole_number("n", 2.0, least=1)


class Machine:
    rate = Setting(finite_number)
    share = Setting(partial(finite_number, most=1))

    def __init__(self) -> None:
        self.rate = 1
        self.share = 0.5


def test_a_setting_is_checked_whenever_it_is_set_and_keeps_its_value() -> None:
    machine, other = Machine(), Machine()
    machine.rate *= np.float64(2)
    with pytest.raises(ValueError, match=r"^Machine: share is 1.5, expected at most 1$"):
        machine.share = 1.5
    assert (machine.rate, machine.share, other.rate) == (2, 0.5, 1)
    assert type(machine.rate) is float
    assert vars(pickle.loads(pickle.dumps(machine))) == {"rate": 2, "share": 0.5}
    assert isinstance(Machine.rate, Setting)
