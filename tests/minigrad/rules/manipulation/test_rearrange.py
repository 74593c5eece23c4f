"""Flipping, rotating and rolling: every error signal is moved back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy

some_shape = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def some_axes(shape: tuple[int, ...]) -> Any:
    """Some of the axes, each once, counted from either end."""
    each = st.sampled_from(range(len(shape))) if shape else st.nothing()
    return st.lists(each, unique=True).flatmap(
        lambda axes: st.tuples(*(st.sampled_from([axis, axis - len(shape)]) for axis in axes))
    )


@given(some_shape, st.data())
def test_flip(shape: Any, data: Any) -> None:
    axis = data.draw(some_axes(shape) | st.none())
    assert_moves_elements_as_numpy(lambda x: np.flip(x, axis), shape)
    assert_moves_elements_as_numpy(np.flipud, (2, *shape))
    assert_moves_elements_as_numpy(np.fliplr, (1, 2, *shape))


@given(array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=3), st.integers(-5, 5), st.data())
def test_rot90(shape: Any, k: int, data: Any) -> None:
    axes = data.draw(st.permutations(range(len(shape))).map(lambda order: tuple(order[:2])))
    assert_moves_elements_as_numpy(lambda x: np.rot90(x, k, axes), shape)


@given(some_shape, st.data())
def test_roll(shape: Any, data: Any) -> None:
    shifts = st.integers(-7, 7)
    shift = data.draw(shifts)
    assert_moves_elements_as_numpy(lambda x: np.roll(x, shift), shape)
    axes = data.draw(some_axes(shape))
    if axes:
        by = data.draw(shifts | st.tuples(*[shifts] * len(axes)))
        assert_moves_elements_as_numpy(lambda x: np.roll(x, by, axes), shape)
        assert_moves_elements_as_numpy(lambda x: np.roll(x, shift, axes[0]), shape)


def test_a_list_will_do() -> None:
    for found, expected in [
        (mg.flip([1.0, 2.0]), [2, 1]),
        (mg.roll([1.0, 2.0, 3.0], 1), [3, 1, 2]),
        (mg.rot90([[1.0, 2.0]]), [[2], [1]]),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)


x = Tensor(np.ones((2, 3)), requires_grad=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.flip(x, 2), "axis 2 is out of bounds"),
        (lambda: mg.roll(x, 1, 2), "axis 2 is out of bounds"),
        (lambda: mg.fliplr(Tensor([1.0])), "axis 1 is out of bounds"),
        (lambda: mg.rot90(x, 1, (0, 1, 0)), "repeated axis|two of the 2 axes"),
        (lambda: mg.rot90(x, 1, (0,)), "two of the 2 axes"),
    ],
)
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.roll(x, 0.5), "whole numbers"),
        (lambda: mg.rot90(x, 1.5), "rot90: k: expected a whole number, got 1.5"),
        (lambda: mg.flip([Tensor(1.0)]), "flip: got a list that holds Tensors"),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
