"""Rearranging elements loses none: the error signal is rearranged back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import minigrad as mg
from minigrad.tensor import Tensor


def elements(shape: tuple[int, ...]) -> Tensor:
    return Tensor(np.arange(float(np.prod(shape))).reshape(shape), requires_grad=True)


@given(array_shapes(min_dims=0, max_dims=4, max_side=3), st.data())
def test_each_element_gets_the_signal_of_the_place_it_went_to(shape: Any, data: Any) -> None:
    """With the result's own values as error signal, each element must get back itself."""
    x = elements(shape)
    order = data.draw(st.permutations(range(len(shape))))
    to = data.draw(st.permutations(shape))
    for y in (x.transpose(*order), x.transpose(order), x.T, x.reshape(to), x.reshape(-1), mg.expand_dims(x, 0)):
        x.zero_grad()
        y.backward(y.data)
        np.testing.assert_array_equal(x.grad, x.data)


@given(array_shapes(min_dims=1, max_dims=4, max_side=3), st.data())
def test_helpers_are_numpys(shape: Any, data: Any) -> None:
    x = elements(shape)
    axes = st.integers(-len(shape), len(shape) - 1)
    one, two = data.draw(axes), data.draw(axes)
    np.testing.assert_array_equal(mg.swapaxes(x, one, two).data, np.swapaxes(x.data, one, two))
    np.testing.assert_array_equal(mg.expand_dims(x, one).data, np.expand_dims(x.data, one))
    np.testing.assert_array_equal(x.T.data, x.data.T)


@pytest.mark.parametrize("order", [(0, 2), (0,), (0, 1, 2), (0, 0), (-3, 1)])
def test_each_axis_is_named_once(order: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"ax[ie]s"):
        elements((2, 3)).transpose(order)


@pytest.mark.parametrize("axis", [3, -4, (0, 0)])
def test_expand_dims_refuses_places_that_do_not_exist(axis: Any) -> None:
    with pytest.raises(ValueError, match="axis"):
        mg.expand_dims(elements((2, 3)), axis)


def test_the_number_of_elements_stays() -> None:
    with pytest.raises(ValueError, match="cannot reshape"):
        elements((2, 3)).reshape(4, 2)
    with pytest.raises(ValueError, match="broadcast"):
        mg.broadcast_to(elements((2, 3)), (2, 2))
