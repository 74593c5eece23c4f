"""The user's line, and what it calls there."""

from __future__ import annotations

import math
import os
import statistics
import sys
import warnings
from array import array
from collections.abc import Callable
from math import exp as exponential
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from minigrad.user_frame import calling, is_ours


class Number:
    """It notes what asks for it."""

    def __init__(self) -> None:
        self.asked_by: list[str] = []

    def __float__(self) -> float:
        self.asked_by.append(calling(sys._getframe(1)))
        return 0.5


def assign(x: Any) -> None:
    np.zeros(2)[0] = x


CALLS: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: math.exp(x),
    "sin": lambda x: math.exp(math.sin(x)),
    "pow": lambda x: (math.exp(1), math.pow(2.0, x), math.sin(1)),
    "float": lambda x: float(x),
    "float64": lambda x: np.float64(x),
    "fill": lambda x: np.zeros(2).fill(x),
    "list": lambda x: list(map(math.exp, [x])),
    "array": lambda x: array("d", [x]).tolist().count(1.0),
    "%": lambda x: "%f and %s" % (x, 1),  # noqa: UP031
    "[…] =": assign,
}


@pytest.mark.parametrize("name", CALLS)
def test_what_a_line_calls(name: str) -> None:
    for _ in range(30):  # until Python has specialised its instructions
        x = Number()
        CALLS[name](x)
        assert x.asked_by == [name]


def test_a_variable_is_called_by_the_name_of_its_function() -> None:
    sine, x = math.sin, Number()
    sine(x)
    exponential(x)
    assert x.asked_by == ["sin", "exp"]


def test_an_assertion_that_pytest_has_rewritten_is_one() -> None:
    x = Number()
    assert math.exp(x) > 0
    assert x.asked_by in (["assert"], ["exp"])


def test_a_file_beside_a_package_whose_name_begins_as_its_own_is_the_users() -> None:
    for package in (mg, nn):
        folder = os.path.dirname(str(package.__file__))
        for rest, ours in (("_demo.py", False), ("_demo/train.py", False), ("/train.py", True)):
            found: dict[str, Any] = {"sys": sys}
            exec(compile("frame = sys._getframe()", folder + rest.replace("/", os.sep), "exec"), found)
            assert is_ours(found["frame"]) == ours


def test_the_users_line_lies_outside_of_libraries() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mg.grad(lambda x: statistics.fmean(x) * x[0])(x)
    code = sys._getframe().f_code
    assert [(w.filename, w.lineno) for w in caught] == [(__file__, code.co_firstlineno + 4)]
