"""Kinks, and arguments so large that a formula taken literally overflows."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from minigrad.rules import elementary
from minigrad.tensor import Tensor


def test_relu_is_flat_at_its_kink() -> None:
    x = Tensor([-1.0, 0.0, -0.0, 2.0], requires_grad=True)
    mg.relu(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saturated_activations_neither_overflow_nor_warn(dtype: type) -> None:
    for f, ends in [(mg.sigmoid, [0, 1]), (mg.tanh, [-1, 1])]:
        x = Tensor([-1000.0, 1000.0], requires_grad=True, dtype=dtype)
        y = f(x)
        y.sum().backward()
        np.testing.assert_array_equal(y.data, ends)
        np.testing.assert_array_equal(x.grad, [0, 0])


def test_sigmoid_keeps_its_digits_in_the_tails() -> None:
    x = np.array([-700.0, -40.0, 40.0])
    y = mg.sigmoid(x)
    np.testing.assert_allclose(y, [np.exp(-700), np.exp(-40), 1 - np.exp(-40)], rtol=1e-14)
    np.testing.assert_allclose(mg.sigmoid(x) + mg.sigmoid(-x), 1, rtol=1e-15)


def test_sigmoid_of_infinities() -> None:
    np.testing.assert_array_equal(mg.sigmoid(np.array([-np.inf, np.inf])), [0, 1])


def test_relu_of_single_numbers() -> None:
    assert [float(mg.relu(Tensor(v))) for v in (-1.0, 0.0, 2.0)] == [0, 0, 2]


def test_the_table_makes_its_rows_public_and_nothing_else() -> None:
    assert {"abs", "exp", "arcsinh", "sinc"} <= set(elementary.__all__)
    assert all(isinstance(getattr(elementary, name), mg.Unary) for name in set(elementary.__all__) - {"sinc"})
