"""Repeating: the error signals of the copies add up."""

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


@given(array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), st.data())
def test_tile(shape: Any, data: Any) -> None:
    reps = data.draw(st.integers(0, 3) | st.lists(st.integers(0, 2), max_size=4))
    assert_moves_elements_as_numpy(lambda x: np.tile(x, reps), shape)


@given(some_shape, st.data())
def test_repeat(shape: Any, data: Any) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1) | st.none())
    n = int(np.prod(shape)) if axis is None else shape[axis]
    counts = data.draw(st.integers(0, 3) | st.lists(st.integers(0, 3), min_size=n, max_size=n))
    if isinstance(counts, int) or counts:
        assert_moves_elements_as_numpy(lambda x: np.repeat(x, counts, axis), shape)


@given(
    st.lists(array_shapes(min_dims=0, max_dims=1, min_side=0, max_side=3), min_size=1, max_size=3),
    st.sampled_from(["xy", "ij"]),
    st.booleans(),
)
def test_meshgrid(shapes: Any, indexing: Any, sparse: bool) -> None:
    for i in range(len(shapes)):
        assert_moves_elements_as_numpy(lambda *xs, i=i: np.meshgrid(*xs, indexing=indexing, sparse=sparse)[i], *shapes)
    assert isinstance(np.meshgrid(Tensor(1.0)), tuple)


def test_plain_arrays_stay_plain() -> None:
    assert type(mg.tile([1.0, 2.0], 2)) is np.ndarray
    assert [type(x) for x in mg.meshgrid([1.0], [2.0])] == [np.ndarray] * 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.repeat(np.ones(2), [1, 2, 3]), r"3 counts for axis 0 of shape \(2,\), expected 2 or one"),
        (lambda: mg.repeat(np.ones(2), -1), "negative"),
        (lambda: mg.meshgrid([1.0], indexing="yx"), "'xy' or 'ij'"),
    ],
)  # fmt: skip
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.tile(np.ones(2), 1.5), "whole numbers"),
        (lambda: mg.repeat(np.ones(2), [1, 0.5]), "whole numbers"),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


def test_the_method_is_that_of_arrays() -> None:
    x = np.arange(6.0).reshape(1, 2, 3)
    np.testing.assert_array_equal(Tensor(x).repeat(2, axis=1).data, x.repeat(2, axis=1), strict=True)


def test_sliding_windows_are_numpys() -> None:
    view = np.lib.stride_tricks.sliding_window_view
    x = np.random.default_rng(0).normal(size=(4, 5, 2))
    for window, axis in [
        ((2, 3, 1), None),
        (3, 1),
        ((2, 2), (0, 0)),
        ((2, 4), (-2, 0)),
        (4, 0),
        (0, 1),
        ((0, 2), (0, 1)),
    ]:
        np.testing.assert_array_equal(view(mg.Tensor(x), window, axis).data, view(x, window, axis))
        found = mg.sliding_window_view(x, window, axis)
        np.testing.assert_array_equal(found, view(x, window, axis))
        found += 1.0  # a copy: writing into one window changes no other


@pytest.mark.parametrize(
    ("window", "axis", "words"),
    [
        (2, None, r"^sliding_window_view: got the window \(2,\) for 2 axes of shape \(3, 2\)"),
        (4, 0, "a window of length 4 does not fit axis 0, of which 3 are left"),
        ((2, 3), (0, 0), "a window of length 3 does not fit axis 0, of which 2 are left"),
        (-1, 0, "a window of length -1 does not fit"),
    ],
)
def test_windows_that_do_not_fit_are_refused(window: Any, axis: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mg.sliding_window_view(np.ones((3, 2)), window, axis)


def test_a_resized_array_begins_again() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    for shape in ((2, 5), 4, (), (3, 0), (1, 6), (np.int64(13),)):
        np.testing.assert_array_equal(np.resize(x, shape).data, np.resize(x.data, shape), strict=True)
    np.resize(x, 8).sum().backward()
    np.testing.assert_array_equal(x.grad, [[2, 2, 1], [1, 1, 1]])
    np.testing.assert_array_equal(np.resize(Tensor(np.zeros(0)), (2, 2)).data, np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"resize: got shape \(2, -1\), expected lengths of 0 or more"):
        mg.resize(x, (2, -1))
