"""Trigonometric functions: vertical slopes, precision, and the origin of polar coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.gradient import (
    assert_slopes_agree_with_a_complex_step,
    assert_takes_empty_lists_and_single_numbers,
    gradient,
    gradients,
)


def test_arcsin_is_infinitely_steep_at_its_ends() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradient(mg.arcsin, [-1.0, 1.0]), [np.inf, np.inf])


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("sin", (-3.0, -0.4, 1e-9, 2.5)),
        ("cos", (-3.0, -0.4, 1e-9, 2.5)),
        ("tan", (-3.0, -0.4, 1e-9, 2.5)),
        ("arcsin", (-0.999999, -1e-9, 0.5, 1 - 1e-10)),
        ("arccos", (-0.999999, -1e-9, 0.5, 1 - 1e-10)),
        ("arctan", (-1e9, 1e-9, 0.5)),
    ],
)
def test_slopes_agree_with_a_complex_step(name: str, points: tuple[float, ...]) -> None:
    assert_slopes_agree_with_a_complex_step(name, points)


@pytest.mark.parametrize("f", [mg.hypot, mg.arctan2])
def test_at_the_origin_both_error_signals_are_0(f: Any) -> None:
    x_bar, y_bar = gradients(f, [0.0, 3.0], [0.0, 4.0])
    assert x_bar[0] == y_bar[0] == 0
    assert x_bar[1] != 0 != y_bar[1]


def test_hypot_of_one_number_is_its_absolute_value() -> None:
    np.testing.assert_array_equal(gradients(lambda x: mg.hypot(x, 0.0), [-2.0, 0.0, 2.0])[0], [-1, 0, 1])


def test_hypot_does_not_overflow() -> None:
    np.testing.assert_allclose(gradients(mg.hypot, 3e200, 4e200), [0.6, 0.8])


def test_arctan2_in_every_quadrant() -> None:
    angles = np.array([0.3, 2.0, -2.5, -0.4])
    height_bar, width_bar = gradients(np.arctan2, 2 * np.sin(angles), 2 * np.cos(angles))
    np.testing.assert_allclose(height_bar, np.cos(angles) / 2)
    np.testing.assert_allclose(width_bar, -np.sin(angles) / 2)


@pytest.mark.parametrize("f", [mg.arctan2, mg.hypot])
def test_polar_coordinates_of_empty_lists_and_single_numbers(f: Any) -> None:
    assert_takes_empty_lists_and_single_numbers(f)


def test_unwrap_is_numpys_and_adds_constants_alone() -> None:
    x = np.cumsum(np.random.default_rng(0).normal(scale=3, size=(3, 20)), axis=1) % (2 * np.pi)
    for params in ({}, {"discont": 4.0}, {"axis": 0}, {"period": 3.0}, {"discont": 1.0, "period": 5, "axis": 1}):
        t = mg.Tensor(x, requires_grad=True)
        y = np.unwrap(t, **params)
        np.testing.assert_array_equal(y.data, np.unwrap(x, **params))
        y.backward(x)
        np.testing.assert_array_equal(t.grad, x)
