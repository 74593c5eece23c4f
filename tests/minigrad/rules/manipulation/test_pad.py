"""Padding, of every form and mode."""

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


@given(array_shapes(min_dims=1, max_dims=3, max_side=3), st.data())
def test_pad(shape: Any, data: Any) -> None:
    """All modes, with borders that may be several times as wide as the array."""
    mode = data.draw(st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]))
    pair = st.tuples(st.integers(0, 7 // len(shape)), st.integers(0, 7 // len(shape)))
    width = data.draw(st.integers(0, 3) | pair | st.tuples(*[pair] * len(shape)))
    assert_moves_elements_as_numpy(lambda x: np.pad(x, width, mode), shape)


@pytest.mark.parametrize(
    "width",
    [{0: 1}, {1: (0, 2)}, {0: (1, 2), -1: 3}, {}, np.array([[1, 2], [3, 4]]), [[1], [2]], np.int64(2), ((1, 2),)],
    ids=repr,
)
def test_every_form_of_widths(width: Any) -> None:
    x = np.arange(6.0).reshape(2, 3)
    pairs = np.zeros((2, 2), dtype=int)
    if isinstance(width, dict):
        for axis, pair in width.items():
            pairs[axis] = pair
    else:
        pairs[:] = width
    np.testing.assert_array_equal(mg.pad(x, width, "edge"), np.pad(x, pairs, "edge"))


def test_a_border_that_repeats_collects_the_error_signals() -> None:
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = mg.pad(x, 2, "reflect")
    y.backward([1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0, 1000000.0])
    np.testing.assert_array_equal(y.data, [3, 2, 1, 2, 3, 2, 1])
    np.testing.assert_array_equal(x.grad, [1000100, 101010, 10001])


def test_float32_borders_stay_float32() -> None:
    x = Tensor(np.ones(2, np.float32))
    assert mg.pad(x, 1, constant_values=np.float64(0.1)).dtype == np.float32


def test_a_list_will_do() -> None:
    for found, expected in [
        (mg.pad([1.0], 1), [0, 1, 0]),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)


x = Tensor(np.ones((2, 3)), requires_grad=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.pad(x, ((1, 1), (1, 1), (1, 1))), r"does not fit shape \(2, 3\), expected a number, a pair"),
        (lambda: mg.pad(x, -1), "negative.*slice"),
        (lambda: mg.pad(x, 1, "mean"), "got mode='mean', expected 'constant', 'edge'"),
        (lambda: mg.pad(x, 1, "reflect", reflect_type="odd"), "reflect_type='odd'"),
        (lambda: mg.pad(np.ones(0), 1, "edge"), "empty axis"),
    ],
)
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.pad(x, 1.5), "expected integers"),
        (lambda: mg.pad(x, 1, constant_values=Tensor(1.0, requires_grad=True)), "no error signal.*concatenate"),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
