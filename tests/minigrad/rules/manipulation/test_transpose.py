"""Permuting axes: the error signal is permuted back."""

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


def elements(shape: tuple[int, ...]) -> Tensor:
    return Tensor(np.arange(float(np.prod(shape))).reshape(shape), requires_grad=True)


@given(array_shapes(min_dims=0, max_dims=4, max_side=3), st.data())
def test_each_element_gets_the_signal_of_the_place_it_went_to(shape: Any, data: Any) -> None:
    """With the result's own values as error signal, each element must get back itself."""
    x = elements(shape)
    order = data.draw(st.permutations(range(len(shape))))
    for y in (x.transpose(*order), x.transpose(order), x.T):
        x.zero_grad()
        y.backward(y.data)
        np.testing.assert_array_equal(x.grad, x.data)


@given(array_shapes(min_dims=1, max_dims=4, max_side=3), st.data())
def test_swapaxes_and_T(shape: Any, data: Any) -> None:
    x = elements(shape)
    axes = st.integers(-len(shape), len(shape) - 1)
    one, two = data.draw(axes), data.draw(axes)
    np.testing.assert_array_equal(mg.swapaxes(x, one, two).data, np.swapaxes(x.data, one, two))
    np.testing.assert_array_equal(x.T.data, x.data.T)


@pytest.mark.parametrize("order", [(0, 2), (0,), (0, 1, 2), (0, 0), (-3, 1)])
def test_each_axis_is_named_once(order: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"ax[ie]s"):
        elements((2, 3)).transpose(order)


@given(array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=3), st.data())
def test_other_orders_of_the_axes(shape: Any, data: Any) -> None:
    axis = st.integers(-len(shape), len(shape) - 1)
    one, two, start = data.draw(axis), data.draw(axis), data.draw(st.integers(-len(shape), len(shape)))
    assert_moves_elements_as_numpy(lambda x: np.swapaxes(x, one, two), shape)
    assert_moves_elements_as_numpy(lambda x: np.moveaxis(x, one, two), shape)
    assert_moves_elements_as_numpy(lambda x: np.rollaxis(x, one, start), shape)
    source, to = data.draw(st.permutations(range(len(shape)))), data.draw(st.permutations(range(len(shape))))
    n = data.draw(st.integers(0, len(shape)))
    assert_moves_elements_as_numpy(lambda x: np.moveaxis(x, source[:n], to[:n]), shape)
    assert_moves_elements_as_numpy(lambda x: np.permute_dims(x, source), shape)
    assert_moves_elements_as_numpy(np.matrix_transpose, (2, *shape))
    assert_moves_elements_as_numpy(lambda x: x.mT, (2, *shape))


def test_methods_are_those_of_arrays() -> None:
    x = np.arange(6.0).reshape(1, 2, 3)
    for call in (
        lambda x: x.transpose(2, 0, 1),
        lambda x: x.transpose(np.array([2, 0, 1])),
        lambda x: x.transpose(None),
        lambda x: x.swapaxes(0, -1),
        lambda x: x.T,
        lambda x: x.mT,
    ):
        np.testing.assert_array_equal(call(Tensor(x)).data, call(x), strict=True)


def test_a_list_becomes_an_array() -> None:
    found = mg.transpose([[1.0, 2.0]])
    assert isinstance(found, np.ndarray)
    assert found.shape == (2, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: mg.moveaxis(x, (0, 1), 0), "2 axes .* for 1 positions"),
        (lambda x: mg.rollaxis(x, 0, 3), "axis 3 is out of bounds"),
        (lambda x: mg.swapaxes(x, 0, 2), "axis 2 is out of bounds"),
        (lambda x: x[0].mT, r"at least two axes, got shape \(3,\)"),
        (lambda x: x.transpose(0), "got 1 axes"),
        (lambda x: x.transpose(()), "got 0 axes"),
    ],
)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(elements((2, 3)))


def test_numpys_functions_reach_it() -> None:
    x = np.random.default_rng(0).normal(size=(3, 3))
    for f in (np.matrix_transpose, np.linalg.matrix_transpose, lambda x: x.mT):
        found = f(Tensor(x, requires_grad=True))
        assert isinstance(found, Tensor)
        assert found.requires_grad
        np.testing.assert_array_equal(found.data, f(x))
