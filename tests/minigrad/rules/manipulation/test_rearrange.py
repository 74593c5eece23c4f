"""Turning, shifting and padding: every error signal finds its way back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

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


@given(array_shapes(min_dims=1, max_dims=3, max_side=3), st.data())
def test_pad(shape: Any, data: Any) -> None:
    """All modes, with borders that may be several times as wide as the array."""
    mode = data.draw(st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]))
    pair = st.tuples(st.integers(0, 7 // len(shape)), st.integers(0, 7 // len(shape)))
    width = data.draw(st.integers(0, 3) | pair | st.tuples(*[pair] * len(shape)))
    assert_moves_elements_as_numpy(lambda x: np.pad(x, width, mode), shape)


@given(some_shape, st.integers(-4, 4))
def test_triangles(shape: Any, k: int) -> None:
    for shape_of_two in ((2, *shape), (*shape, 2, 3)):
        assert_moves_elements_as_numpy(lambda x: np.triu(x, k), shape_of_two)
        assert_moves_elements_as_numpy(lambda x: np.tril(x, k), shape_of_two)


def test_nothing_comes_out_of_the_other_triangle() -> None:
    x = Tensor([[1.0, 2.0], [np.nan, 3.0]], requires_grad=True)
    y = np.triu(x)
    y.backward([[1.0, 1.0], [np.nan, 1.0]])
    np.testing.assert_array_equal(y.data, [[1, 2], [0, 3]])
    np.testing.assert_array_equal(x.grad, [[1, 1], [0, 1]])


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
        (mg.flip([1.0, 2.0]), [2, 1]),
        (mg.roll([1.0, 2.0, 3.0], 1), [3, 1, 2]),
        (mg.pad([1.0], 1), [0, 1, 0]),
        (mg.rot90([[1.0, 2.0]]), [[2], [1]]),
        (mg.tril([[1.0, 2.0]]), [[1, 0]]),
    ]:
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, expected)


x = Tensor(np.ones((2, 3)), requires_grad=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.pad(x, ((1, 1), (1, 1), (1, 1))), r"does not belong to shape \(2, 3\), expected a number, a pair"),
        (lambda: mg.pad(x, -1), "negative.*slice"),
        (lambda: mg.pad(x, 1, "mean"), "got mode='mean', expected 'constant', 'edge'"),
        (lambda: mg.pad(x, 1, "reflect", reflect_type="odd"), "reflect_type='odd'"),
        (lambda: mg.pad(np.ones(0), 1, "edge"), "empty axis"),
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
        (lambda: mg.pad(x, 1.5), "whole numbers of places"),
        (lambda: mg.pad(x, 1, constant_values=Tensor(1.0, requires_grad=True)), "no error signal.*concatenate"),
        (lambda: mg.roll(x, 0.5), "whole numbers"),
        (lambda: mg.triu(x, 0.5), "whole numbers"),
        (lambda: mg.flip([Tensor(1.0)]), "flip: got a list that holds Tensors"),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()
