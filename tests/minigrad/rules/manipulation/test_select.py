"""Choosing between arrays: the ones not chosen get exactly 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    arrays,
    mutually_broadcastable_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_branch_not_taken_gets_exactly_0(bad: float) -> None:
    a, b = Tensor([1.0, bad], requires_grad=True), Tensor([bad, 2.0], requires_grad=True)
    y = mg.where([True, False], a, b)
    y.backward([3.0, bad])
    np.testing.assert_array_equal(y.data, [1, 2])
    np.testing.assert_array_equal(a.grad, [3, 0])
    np.testing.assert_array_equal(b.grad, [0, bad])


def test_a_condition_has_no_error_signal() -> None:
    """Any numbers will do as condition; a step has the derivative 0."""
    c, a = Tensor([0.0, 1.0], requires_grad=True), Tensor([1.0, 2.0], requires_grad=True)
    mg.where(c, a, 0.0).sum().backward()
    assert c.grad is None
    np.testing.assert_array_equal(a.grad, [0, 1])


@given(mutually_broadcastable_shapes(num_shapes=3, max_dims=2, max_side=3), st.data())
def test_select_and_choose(shapes: Any, data: Any) -> None:
    index, a, b = shapes.input_shapes
    mode = data.draw(st.sampled_from(["raise", "wrap", "clip"]))
    numbers = st.integers(0, 1) if mode == "raise" else st.integers(-3, 3)
    chosen = data.draw(arrays(np.int64, index, elements=numbers))
    assert_moves_elements_as_numpy(lambda x, y: np.choose(chosen, [x, y], mode=mode), a, b)
    masks = [data.draw(arrays(bool, index)) for _ in range(2)]
    assert_moves_elements_as_numpy(lambda x, y: np.select(masks, [x, y]), a, b)


def test_select_takes_the_first_condition_that_holds_and_nothing_of_the_others() -> None:
    a, b = Tensor([1.0, 2.0, np.nan], requires_grad=True), Tensor([np.nan, np.nan, 3.0], requires_grad=True)
    y = mg.select([[True, True, False], [True, False, True]], [a, b], np.nan)
    y.backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(y.data, [1, 2, 3])
    np.testing.assert_array_equal(a.grad, [1, 10, 0])
    np.testing.assert_array_equal(b.grad, [0, 0, 100])


def test_a_condition_alone_gives_the_places_where_it_holds() -> None:
    x = Tensor([[1.0, -2.0], [-3.0, 4.0]], requires_grad=True)
    for places in (mg.where(x > 0), np.where(x > 0), np.nonzero(x > 0), mg.where(Tensor([[1.0, 0.0], [0.0, 1.0]]))):
        assert isinstance(places, tuple)
        np.testing.assert_array_equal(places, [[0, 1], [0, 1]])
    np.testing.assert_array_equal(np.where(x)[0], [0, 0, 1, 1])
    np.testing.assert_array_equal(x.nonzero()[1], [0, 1, 0, 1])
    np.testing.assert_array_equal(np.argwhere(x), [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(x[mg.where(x > 0)].data, [1, 4])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: mg.where(x > 0, x), ValueError, "got one value, expected where"),
        (lambda x: mg.select([x > 0], [x, x]), ValueError, "1 conditions and 2 choices"),
        (lambda x: mg.select([], []), ValueError, "0 conditions"),
        (lambda x: mg.choose([0, 2], [x, x]), ValueError, "from 0 to 2 for 2 choices"),
        (lambda x: mg.choose([-1, 0], [x, x]), ValueError, "from -1 to 0 for 2 choices"),
    ],
)  # fmt: skip
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(Tensor([1.0, 2.0], requires_grad=True))


def test_the_method_is_that_of_arrays() -> None:
    assert (
        np.array([0, 1]).choose([[1.0, 2.0], [3.0, 4.0]]).tolist()
        == Tensor([0, 1]).choose([[1, 2], [3, 4]]).data.tolist()
    )
