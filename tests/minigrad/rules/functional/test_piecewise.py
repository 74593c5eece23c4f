"""Piecewise functions: NumPy's values, and no NaN from the pieces elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

X = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])


@pytest.mark.parametrize(
    ("conditions", "functions"),
    [
        ([X < 0], [np.square]),
        ([X < 0], [np.square, np.exp]),
        (X < 0, [np.square, 7.0]),
        ((X < 0).tolist(), [np.square, 7.0]),
        ([X < 0, X < 2], [np.square, np.sin]),
        ([X < 0, X > 2], [1.0, 2.0, np.cos]),
        (np.array([X < 0, X > 2]), [1.0, 2.0, np.cos]),
        ([X > 99], [np.log, lambda x: 2 * x]),
        ([X > 99], [np.log]),
    ],
)
def test_values_are_numpys(conditions: Any, functions: Any) -> None:
    found = np.piecewise(Tensor(X), conditions, functions)
    np.testing.assert_array_equal(found.data, np.piecewise(X, conditions, functions))


def test_a_number_and_further_arguments() -> None:
    assert mg.piecewise(0.5, [True], [lambda x, a, b: a * x + b], 2.0, b=1.0) == 2.0
    y = mg.piecewise(Tensor(0.5, requires_grad=True), 0.5 > 1, [np.sin, np.cos])
    assert y.shape == ()
    assert y.data == np.cos(0.5)


def test_one_condition_for_one_element_and_none_at_all() -> None:
    for condition in (True, False):
        found, expected = (np.piecewise(x, [condition], [2.0, 3.0]) for x in (Tensor([0.5]), np.array([0.5])))
        np.testing.assert_array_equal(found.data, expected)
    np.testing.assert_array_equal(mg.piecewise(Tensor(X), [], [np.square]).data, X**2)


def test_a_function_sees_its_piece_alone() -> None:
    x = Tensor([-4.0, 0.0, 4.0], requires_grad=True)
    with np.errstate(all="raise"):
        mg.piecewise(x, [x > 0], [np.sqrt, lambda x: -x]).sum().backward()
    np.testing.assert_array_equal(x.grad, [-1.0, -1.0, 0.25])


def test_a_value_may_be_a_tensor() -> None:
    w = Tensor(3.0, requires_grad=True)
    mg.piecewise(X, [X > 0], [w, lambda x: w * x]).sum().backward()
    assert w.grad == 2.0 + X[X <= 0].sum()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: mg.piecewise(X, [X > 0], []), ValueError, "^piecewise: got 0 functions for 1 conditions"),
        (lambda: mg.piecewise(X, [X > 0], [1, 2, 3]), ValueError, "^piecewise: got 3 functions for 1 conditions"),
        (lambda: mg.piecewise(X, [np.array([True])], [1.0]), ValueError, r"^piecewise: a condition has shape \(1,\)"),
        (lambda: mg.piecewise(X, [X > 0], [1j]), TypeError, "^piecewise: takes real numbers only"),
    ],
)
def test_errors(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
