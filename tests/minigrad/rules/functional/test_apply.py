"""Functions along axes: NumPy's values through NumPy's own names, and gradients through the calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

X = np.random.default_rng(0).normal(size=(2, 3, 4))


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize(
    "function",
    [np.sum, np.sort, np.diff, lambda v: np.outer(v, v), lambda v: 2.0],
    ids=["sum", "sort", "diff", "outer", "constant"],
)
def test_along_an_axis_as_numpy(function: Any, axis: int) -> None:
    found, expected = np.apply_along_axis(function, axis, Tensor(X)), np.apply_along_axis(function, axis, X)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found.data if isinstance(found, Tensor) else found, expected)


def test_arguments_are_handed_on() -> None:
    found = np.apply_along_axis(lambda v, a, *, b: a * v + b, 0, Tensor(X), 2.0, b=3.0)
    np.testing.assert_array_equal(found.data, 2 * X + 3)


def test_gradients_flow_through_the_calls() -> None:
    x, w = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), Tensor(2.0, requires_grad=True)
    mg.apply_along_axis(lambda v: w * v[0] * v[1], 1, x).sum().backward()
    np.testing.assert_array_equal(x.grad, [[4.0, 2.0], [8.0, 6.0]])
    assert w.grad == 14.0


def test_over_several_axes_as_numpy() -> None:
    for function in (np.sum, np.max, np.cumsum):
        for axes in (0, [0, 2], (-1, 1)):
            found = np.apply_over_axes(function, Tensor(X), axes)
            np.testing.assert_allclose(found.data, np.apply_over_axes(function, X, axes), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: mg.apply_along_axis(np.sum, 0, np.ones((2, 0))),
            "no vector along axis 0",
        ),
        (lambda: mg.apply_along_axis(np.sum, 2, np.ones((2, 0, 3))), "no vector along axis 2"),
        (lambda: mg.apply_along_axis(np.sum, 2, np.ones((2, 1))), "out of bounds"),
        (
            lambda: mg.apply_along_axis(lambda v: v[v > 1], 1, [[1.0, 2.0], [3.0, 4.0]]),
            "apply_along_axis: stack: array 0 has shape",
        ),
        (
            lambda: mg.apply_over_axes(lambda x, axis: x.sum(), X, 0),
            r"^apply_over_axes: the function returned shape \(\)",
        ),
    ],
)
def test_errors(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
