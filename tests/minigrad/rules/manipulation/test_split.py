"""Splitting: each part is a slice."""

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

some_shape = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)


@given(some_shape, st.data())
def test_split(shape: Any, data: Any) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    sections = data.draw(st.integers(1, 4) | st.lists(st.integers(-4, 4), max_size=3))
    for f in (np.array_split, *([np.split] if isinstance(sections, list) or shape[axis] % sections == 0 else [])):
        parts = f(np.zeros(shape), sections, axis)
        assert isinstance(f(Tensor(np.zeros(shape)), sections, axis), list)
        for i in range(len(parts)):
            assert_moves_elements_as_numpy(lambda x, f=f, i=i: f(x, sections, axis)[i], shape)


@given(some_shape, st.integers(0, 2))
def test_split_in_every_direction(shape: Any, place: int) -> None:
    for least, f in enumerate([np.hsplit, np.vsplit, np.dsplit], 1):
        if len(shape) >= least:
            for i in range(2):
                assert_moves_elements_as_numpy(lambda x, f=f, i=i: f(x, [place])[i], shape)


def test_plain_arrays_stay_plain() -> None:
    parts = mg.split(np.arange(4.0), 2)
    assert [type(part) for part in parts] == [np.ndarray] * 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.split(np.ones(5), 2), r"length 5, which does not divide into 2 .*array_split"),
        (lambda: mg.hsplit(np.ones((2, 5)), 2), "hsplit: .* does not divide into 2"),
        (lambda: mg.vsplit(np.ones((5, 2)), 2), "vsplit: .* does not divide into 2"),
        (lambda: mg.dsplit(np.ones((2, 2, 5)), 2), "dsplit: .* does not divide into 2"),
        (lambda: mg.split(np.ones(4), 0), "at least 1"),
        (lambda: mg.hsplit(1.0, 1), r"hsplit: got shape \(\), expected at least 1 axes"),
        (lambda: mg.vsplit(np.ones(2), 1), r"vsplit: got shape \(2,\), expected at least 2 axes"),
        (lambda: mg.dsplit(np.ones((2, 2)), 1), "expected at least 3 axes"),
    ],
)  # fmt: skip
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_fractional_sections() -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        mg.split(np.ones(2), 1.0)


def test_unstack_is_the_inverse_of_stack() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    for axis in (0, 1, -1):
        parts = mg.unstack(Tensor(x), axis)
        assert isinstance(parts, tuple)
        np.testing.assert_array_equal(mg.stack(parts, axis).data, x)
    if hasattr(np, "unstack"):
        assert [part.shape for part in np.unstack(Tensor(x), axis=1)] == [(2, 4)] * 3
    with pytest.raises(ValueError, match=r"^unstack: got shape \(\)"):
        mg.unstack(1.0)
