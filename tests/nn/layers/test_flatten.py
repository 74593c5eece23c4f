"""Flatten, Unflatten and Reshape: shapes and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def test_flatten_joins_these_axes() -> None:
    x = np.arange(120.0).reshape(2, 3, 4, 5)
    assert nn.Flatten()(x).shape == (2, 60)
    assert nn.Flatten(2)(x).shape == (2, 3, 20)
    assert nn.Flatten(0, 1)(x).shape == (6, 4, 5)
    assert nn.Flatten(-2, -2)(x).shape == x.shape
    assert nn.Flatten()(np.ones(3)).shape == (3, 1)  # samples of one number each
    assert nn.Flatten()(x[:0]).shape == (0, 60)
    assert nn.Flatten(-4, 3)(x).shape == (120,)


def test_unflatten_and_reshape_undo_it() -> None:
    x = mg.Tensor(np.arange(120.0).reshape(2, 3, 4, 5), requires_grad=True)
    for layer in (
        nn.Unflatten(1, (3, 4, 5)),
        nn.Unflatten(-1, [3, -1, 5]),
        nn.Reshape(3, 4, 5),
        nn.Reshape((3, 4, -1)),
    ):
        assert np.array_equal(layer(nn.Flatten()(x)).data, x.data)
    assert nn.Reshape(-1)(np.ones((0, 2, 3))).shape == (0, 6)
    assert nn.Unflatten(0, (2, -1))(np.ones((6, 0))).shape == (2, 3, 0)
    assert nn.Reshape()(np.ones((4, 1))).shape == (4,)
    assert nn.Reshape(0, -1)(np.ones((4, 0, 3))).shape == (4, 0, 0)
    assert nn.Unflatten(-2, (2, 1))(np.ones((2, 3))).shape == (2, 1, 3)


def test_reprs() -> None:
    assert repr(nn.Flatten()) == "Flatten(start_dim=1, end_dim=-1)"
    assert repr(nn.Unflatten(1, [2, -1])) == "Unflatten(dim=1, unflattened_size=(2, -1))"
    assert repr(nn.Reshape((3, 4))) == "Reshape(3, 4)"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda: nn.Flatten(2)(np.ones((2, 3))),
            ValueError,
            r"shape \(2, 3\), where start_dim=2 and end_dim=-1 are not",
        ),
        (lambda: nn.Flatten(2, 1)(np.ones((2, 3, 4))), ValueError, "are not axes in this order"),
        (lambda: nn.Flatten("1"), TypeError, "Flatten: start_dim is '1'"),
        (lambda: nn.Flatten(-3)(np.ones((2, 3))), ValueError, "start_dim=-3 and end_dim=-1 are not axes"),
        (lambda: nn.Flatten(0, 2)(np.ones((2, 3))), ValueError, "start_dim=0 and end_dim=2 are not axes"),
        (lambda: nn.Flatten(2, 1)(np.ones((2, 3))), ValueError, "start_dim=2 and end_dim=1 are not axes"),
        (lambda: nn.Unflatten(-3, (2,))(np.ones((2, 3))), ValueError, "which has no axis -3"),
        (lambda: nn.Unflatten(2, (2,))(np.ones((2, 3))), ValueError, "which has no axis 2"),
        (lambda: nn.Unflatten(1, (2, -1))(np.ones((2, 3))), ValueError, r"has 3 elements, which do not fit"),
        (lambda: nn.Unflatten(1, 3), TypeError, "unflattened_size is 3, expected a tuple of lengths"),
        (lambda: nn.Unflatten(1, (-1, -1)), ValueError, "expected at most one −1"),
        (
            lambda: nn.Reshape(2, 4)(np.ones((5, 9))),
            ValueError,
            r"samples of 9 numbers, which do not fit the shape \(2, 4",
        ),
        (lambda: nn.Reshape(2, -2), ValueError, "Reshape: shape is -2, expected at least -1"),
        (lambda: nn.Reshape((2, 3), 4), TypeError, "Reshape: shape is a tuple"),
        (lambda: nn.Reshape(2)(3.0), ValueError, "Reshape: got a single float"),
    ],
)
def test_what_is_refused(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()
