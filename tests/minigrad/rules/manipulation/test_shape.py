"""Changing the shape loses no element: the error signal takes the old shape again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    mutually_broadcastable_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy


def elements(shape: tuple[int, ...]) -> Tensor:
    return Tensor(np.arange(float(np.prod(shape))).reshape(shape), requires_grad=True)


@given(array_shapes(min_dims=0, max_dims=4, max_side=3), st.data())
def test_each_element_gets_the_signal_of_the_place_it_went_to(shape: Any, data: Any) -> None:
    """With the result's own values as error signal, each element must get back itself."""
    x = elements(shape)
    to = data.draw(st.permutations(shape))
    for y in (x.reshape(to), x.reshape(-1), mg.expand_dims(x, 0)):
        x.zero_grad()
        y.backward(y.data)
        np.testing.assert_array_equal(x.grad, x.data)


@given(array_shapes(min_dims=1, max_dims=4, max_side=3), st.data())
def test_expand_dims(shape: Any, data: Any) -> None:
    x = elements(shape)
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    np.testing.assert_array_equal(mg.expand_dims(x, axis).data, np.expand_dims(x.data, axis))


@pytest.mark.parametrize("axis", [3, -4, (0, 0)])
def test_expand_dims_refuses_axes_that_do_not_exist(axis: Any) -> None:
    with pytest.raises(ValueError, match="axis"):
        mg.expand_dims(elements((2, 3)), axis)


def test_the_number_of_elements_stays() -> None:
    with pytest.raises(ValueError, match="cannot reshape"):
        elements((2, 3)).reshape(4, 2)
    with pytest.raises(ValueError, match="broadcast"):
        mg.broadcast_to(elements((2, 3)), (2, 2))


any_shape = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)


@given(any_shape, st.data())
def test_other_shapes(shape: Any, data: Any) -> None:
    for f in (np.ravel, np.squeeze, np.atleast_1d, np.atleast_2d, np.atleast_3d):
        assert_moves_elements_as_numpy(f, shape)
    to = data.draw(st.permutations(shape))
    copy = data.draw(st.sampled_from([{}, {"copy": True}, {"copy": None}, {"order": "C"}]))
    assert_moves_elements_as_numpy(lambda x: np.reshape(x, to, **(copy if isinstance(x, Tensor) else {})), shape)
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    assert_moves_elements_as_numpy(lambda x: np.squeeze(x, ones), shape)
    new = data.draw(st.integers(-len(shape) - 1, len(shape)) | st.just((0, -1)) | st.just([1, 0]))
    assert_moves_elements_as_numpy(lambda x: np.expand_dims(x, new), shape)


@given(mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3, min_side=0))
def test_broadcasting(shapes: Any) -> None:
    assert_moves_elements_as_numpy(lambda x: np.broadcast_to(x, shapes.result_shape), shapes.input_shapes[0])
    for i in range(3):
        assert_moves_elements_as_numpy(lambda *xs, i=i: np.broadcast_arrays(*xs)[i], *shapes.input_shapes)


def test_methods_are_those_of_arrays() -> None:
    x = np.arange(6.0).reshape(1, 2, 3)
    for call in (
        lambda x: x.reshape(2, 3),
        lambda x: x.reshape((2, -1), order="C"),
        lambda x: x.ravel(),
        lambda x: x.flatten(),
        lambda x: x.squeeze(),
        lambda x: x.squeeze(axis=0),
    ):
        np.testing.assert_array_equal(call(Tensor(x)).data, call(x), strict=True)


def test_memory_of_its_own() -> None:
    x = Tensor([[1.0, 2.0]])
    assert np.shares_memory(x.ravel().data, x.data)
    for y in (x.flatten(), x.reshape(2, copy=True), np.reshape(x, 2, copy=True)):
        assert not np.shares_memory(y.data, x.data)


@given(any_shape, st.data())
def test_column_by_column(shape: Any, data: Any) -> None:
    x = elements(shape)
    to = data.draw(
        st.sampled_from([-1, tuple(data.draw(st.permutations(shape)))]) if 0 not in shape else st.just(shape)
    )
    for y, expected in [
        (x.reshape(to, order="F"), x.data.reshape(to, order="F")),
        (np.reshape(x, to, "F"), x.data.reshape(to, order="F")),
        (mg.reshape(x, to, order="F", copy=True), x.data.reshape(to, order="F")),
        (x.ravel("F"), x.data.ravel("F")),
        (np.ravel(x, order="F"), x.data.ravel("F")),
        (x.flatten("F"), x.data.flatten("F")),
    ]:
        np.testing.assert_array_equal(y.data, expected, strict=True)
        x.zero_grad()
        y.backward(y.data)
        np.testing.assert_array_equal(x.grad, x.data)


def test_lengths_in_an_array_are_read_column_by_column_too() -> None:
    x = elements((2, 3))
    np.testing.assert_array_equal(np.reshape(x, np.array([3, 2]), order="F").data, x.data.reshape((3, 2), order="F"))


def test_numbers_and_lists_become_arrays() -> None:
    for found, shape in [
        (mg.ravel(3.0), (1,)),
        (mg.reshape([1.0, 2.0], 2, 1), (2, 1)),
        (mg.expand_dims(3.0, 0), (1,)),
        (mg.squeeze([[1.0]]), ()),
        (mg.broadcast_arrays(1.0, [1.0, 2.0])[0], (2,)),
        (mg.atleast_2d(1.0, [1.0, 2.0])[1], (1, 2)),
    ]:
        assert isinstance(found, np.ndarray | np.generic)
        assert found.shape == shape


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x.reshape(3, 2, order="K"), "order='K'.*row by row.*column by column"),
        (lambda x: np.reshape(x, (3, 2), "A"), "order='A'"),
        (lambda x: x.ravel("A"), "ravel: got order='A'"),
        (lambda x: np.ravel(x, order="K"), "order='K'"),
        (lambda x: x.flatten("K"), "flatten: got order='K'"),
        (lambda x: x.flatten(1), r"got order=1, .*; to keep the first axis, write x\.reshape\(len\(x\), -1\)"),
        (lambda x: np.reshape(x, -1, copy=False), "copy=False"),
        (lambda x: mg.squeeze(x, 1), r"axis 1 of shape \(2, 3\) has length 3"),
        (lambda x: mg.broadcast_arrays(x, np.ones(2)), r"shape \(2, 3\).*shape \(2,\)"),
    ],
)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(elements((2, 3)))


def test_none_and_text_are_repeated_beside_arrays_as_in_numpy() -> None:
    t = Tensor([1.0, 2.0])
    x, nothing, text = np.broadcast_arrays(t, None, "/")
    assert x is t
    assert nothing.tolist() == [None, None]
    assert text.tolist() == ["/", "/"]


def test_numpys_full_records_its_value_where_it_asks() -> None:
    t = Tensor(2.0, requires_grad=True)
    for y in (np.full((2, 3), t, like=t), np.full_like(Tensor(np.ones((2, 3))), t), np.full_like(t, t, shape=(2, 3))):
        np.testing.assert_array_equal(y.data, np.full((2, 3), 2.0))
        t.zero_grad()
        y.sum().backward()
        assert t.grad == 6.0
    assert np.full(2, t, dtype="float32", like=t).dtype == np.float32
    assert np.full_like(Tensor([1, 2]), 2.7).tolist() == [2, 2]
    with pytest.raises(TypeError, match=r"np\.full_like: the value requires gradients, which int64 cannot have"):
        np.full_like(Tensor([1, 2]), t)
