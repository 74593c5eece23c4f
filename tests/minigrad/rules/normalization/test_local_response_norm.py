"""Local response normalization: defaults, which channels damp which, and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.axis_map import AxisMap, Window

X = 10 * np.random.default_rng(0).normal(size=(2, 6, 3))


def test_the_defaults() -> None:
    expected = X / (1 + 1e-4 / 2 * (X**2 + np.pad(X**2, ((0, 0), (1, 0), (0, 0)))[:, :-1])) ** 0.75
    np.testing.assert_allclose(mg.local_response_norm(X, 2), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_a_channel_is_damped_by_those_of_its_window(size: int) -> None:
    """Its gradient is not 0 there alone, and no other position has a part in it."""
    for i in range(6):
        x = mg.Tensor(X, requires_grad=True)
        mg.local_response_norm(x, size)[1, i, 2].backward()
        window = range(max(0, i - size // 2), min(6, i + (size - 1) // 2 + 1))
        assert [tuple(map(int, place)) for place in np.argwhere(x.grad)] == [(1, c, 2) for c in window]


@pytest.mark.parametrize("size", [1, 4, 5])
def test_the_window_of_channels_is_stated(size: int) -> None:
    (operation,) = mg.operations(mg.local_response_norm(mg.Tensor(X, requires_grad=True), size))
    axes = operation.primitive.axes
    assert axes is not None
    assert axes.map(operation, 0, -2) == AxisMap(-2, Window(size, padding=size // 2))
    assert axes.map(operation, 0, -1) == AxisMap(-1)
    assert axes.map(operation, 0, -3) == AxisMap(-3)


def test_second_derivatives_sum_over_the_window_the_other_way_round() -> None:
    mg.check_grads(lambda x: mg.local_response_norm(x, 4, alpha=0.5), X / 10, order=3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.local_response_norm(X[0], 2), r"with at least one axis of positions, got \(6, 3\)"),
        (lambda: mg.local_response_norm(X, 0), "size=0, expected the number of channels in a window"),
        (lambda: mg.local_response_norm(X, True), "size=True, expected"),
        (lambda: mg.local_response_norm(X, 2.0), r"size=2\.0, expected"),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
