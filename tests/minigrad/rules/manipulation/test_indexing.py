"""Indexing: elements that were not taken get exactly 0, those taken twice the sum of both error signals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
    basic_indices,
    integer_array_indices,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.adjoint import assert_moves_elements_as_numpy

some_shape = array_shapes(min_dims=1, max_dims=3, max_side=4)
some_index = some_shape.flatmap(
    lambda shape: st.tuples(
        st.just(shape),
        st.one_of(
            basic_indices(shape, allow_newaxis=True),
            integer_array_indices(shape),
            integer_array_indices(shape).map(lambda parts: tuple(p.tolist() for p in parts)),
            st.lists(st.booleans(), min_size=shape[0], max_size=shape[0]),
        ),
    )
)


@given(some_index, st.integers(0, 99))
def test_indexing_is_adjoint_to_its_error_signal(case: Any, seed: int) -> None:
    """⟨ȳ, dx[i]⟩ = ⟨x̄, dx⟩ for every dx."""
    shape, index = case
    rng = np.random.default_rng(seed)
    x = Tensor(rng.normal(size=shape), requires_grad=True)
    y = x[index]
    np.testing.assert_array_equal(y.data, x.data[index])
    y_bar, dx = rng.normal(size=y.shape), rng.normal(size=shape)
    y.backward(y_bar)
    assert np.sum(y_bar * dx[index]) == pytest.approx(np.sum(x.grad * dx), abs=1e-10)


@pytest.mark.parametrize(
    "index", [[0, 0, 1], (0, 0, 1), np.array([0, 0, 1]), Tensor([0, 0, 1]), [[0], [0], [1]]], ids=repr
)
def test_repeated_elements_get_the_sum(index: Any) -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    x[(index,)].sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 1])


def test_masks_may_be_comparisons() -> None:
    x = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    (x[x > 0] * 10).sum().backward()
    np.testing.assert_array_equal(x.grad, [10, 0, 10])


def test_an_index_out_of_range() -> None:
    with pytest.raises(IndexError, match="out of bounds"):
        Tensor([1.0])[1]


parts_of_an_index = st.one_of(
    st.integers(-2, 1),
    st.slices(2),
    st.just(None),
    st.lists(st.integers(-2, 1), max_size=3).map(lambda part: np.array(part, dtype=int)),
    st.lists(st.lists(st.integers(-2, 1), min_size=2, max_size=2), min_size=1, max_size=2),
    st.lists(st.booleans(), min_size=2, max_size=2),
)


@given(st.lists(parts_of_an_index, max_size=4), st.integers(0, 5))
def test_every_mixture_of_indices(parts: Any, place: int) -> None:
    """Integers, slices, new axes, lists of integers and of booleans, with an ellipsis among them."""
    index = (*parts[:place], ..., *parts[place:])
    shape = (2, 2, 2, 2)
    try:
        np.zeros(shape)[index]
    except IndexError:
        with pytest.raises(IndexError):
            Tensor(np.zeros(shape))[index]
    else:
        assert_moves_elements_as_numpy(lambda x: x[index], shape)


def test_tensors_within_an_index() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    for index, plain in [
        ((Tensor(1), slice(None)), (1, slice(None))),
        ((slice(None), Tensor([0, 2, 2])), (slice(None), [0, 2, 2])),
        (([Tensor(1), 0], [2, 2]), ([1, 0], [2, 2])),
        ((..., Tensor([True, False, True])), (..., [True, False, True])),
    ]:
        np.testing.assert_array_equal(x[index].data, x.data[plain])


@pytest.mark.parametrize("shape", [(3, 4), (1000, 3), (2, 2)], ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_many_and_few_elements_are_added_up_alike(shape: Any, order: Any) -> None:
    """Far more values than places, and far fewer, in either order in memory."""
    rows = np.array([[0, 1, 1, 0, 0], [1, 1, 1, 1, 0]])
    values = np.array(np.arange(10.0 * shape[1]).reshape(2, 5, -1), order=order)
    expected = np.zeros(shape)
    for place in np.ndindex(rows.shape):
        expected[rows[place]] += values[place]
    x = Tensor(np.zeros(shape), requires_grad=True)
    x[rows].backward(values)
    np.testing.assert_array_equal(x.grad, expected)


@given(array_shapes(min_dims=0, max_dims=3, max_side=3), st.data())
def test_take(shape: Any, data: Any) -> None:
    axis = data.draw(st.none() | (st.integers(-len(shape), len(shape) - 1) if shape else st.nothing()))
    n = int(np.prod(shape)) if axis is None else shape[axis]
    mode = data.draw(st.sampled_from(["raise", "wrap", "clip"]))
    numbers = st.integers(-n, n - 1) if mode == "raise" else st.integers(-9, 9)
    chosen = data.draw(numbers | arrays(np.int64, array_shapes(max_dims=2, max_side=3, min_side=0), elements=numbers))
    assert_moves_elements_as_numpy(lambda x: np.take(x, chosen, axis, mode=mode), shape)
    assert_moves_elements_as_numpy(lambda x: np.take(x, chosen, axis, None, mode), shape)


@given(array_shapes(max_dims=3, max_side=3), st.data())
def test_take_along_axis(shape: Any, data: Any) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    k = data.draw(st.integers(0, 4))
    at = axis % len(shape)
    n = shape[axis]
    chosen = data.draw(arrays(np.int64, (*shape[:at], k, *shape[at + 1 :]), elements=st.integers(-n, n - 1)))
    assert_moves_elements_as_numpy(lambda x: np.take_along_axis(x, chosen, axis), shape)


@given(array_shapes(max_dims=3, max_side=3), st.data())
def test_compress_and_extract(shape: Any, data: Any) -> None:
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    n = int(np.prod(shape)) if axis is None else shape[axis]
    holds = data.draw(st.lists(st.booleans(), max_size=n))
    assert_moves_elements_as_numpy(lambda x: np.compress(holds, x, axis), shape)
    mask = data.draw(arrays(bool, shape))
    assert_moves_elements_as_numpy(lambda x: np.extract(mask, x), shape)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: mg.take(x, 3), IndexError, "out of bounds"),
        (lambda x: mg.take(x, [0.5]), TypeError, "expected integers as indices, got float64"),
        (lambda x: mg.take(x, 0, 1), ValueError, "axis 1 is out of bounds"),
        (lambda x: mg.take(x, 0, mode="round"), ValueError, "mode='round'"),
        (lambda x: mg.take(x[:0], 0, mode="wrap"), IndexError, "out of bounds"),
        (lambda x: mg.take_along_axis(x, [[0]], 0), ValueError, r"shape \(1, 1\) for an array of shape \(2,\)"),
        (lambda x: mg.compress([[True]], x), ValueError, r"shape \(1, 1\), expected booleans along one axis"),
    ],
)  # fmt: skip
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(Tensor([1.0, 2.0], requires_grad=True))


def test_methods_are_those_of_arrays() -> None:
    x = np.arange(6.0).reshape(1, 2, 3)
    for call in (lambda x: x.take([0, 3]), lambda x: x.compress([True, False], 1)):
        np.testing.assert_array_equal(call(Tensor(x)).data, call(x), strict=True)


def test_the_padding_of_an_embedding_gets_no_error_signal() -> None:
    W = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)
    y = mg.embedding(Tensor([[0, 1, 1], [2, 0, 0]]), W, padding_idx=0)
    np.testing.assert_array_equal(y.data, W.data[[[0, 1, 1], [2, 0, 0]]])
    (y**2).sum().backward(create_graph=True)
    np.testing.assert_array_equal(W.grad.data, [[0, 0], [12, 16], [10, 12]])
    slopes = W.grad.sum()
    W.zero_grad()
    slopes.backward()
    np.testing.assert_array_equal(W.grad, [[0, 0], [4, 4], [2, 2]])
    _, tangents = mg.jvp(lambda W: mg.embedding([0, 1], W, padding_idx=0), [W], [np.ones((3, 2))])
    np.testing.assert_array_equal(tangents, [[0, 0], [1, 1]])


def test_the_padding_of_an_embedding_is_a_row_of_the_table() -> None:
    W = Tensor(np.ones((3, 2)), requires_grad=True)
    for row in (2, -1, 0, -3):
        W.zero_grad()
        mg.embedding([0, 1, 2], W, padding_idx=row).sum().backward()
        np.testing.assert_array_equal(W.grad[:, 0], np.arange(3) != row % 3)
    for row in (3, -4):
        with pytest.raises(ValueError, match=rf"padding_idx is {row}, expected a row from -3 to 2"):
            mg.embedding([0], W, padding_idx=row)
    with pytest.raises(TypeError, match="padding_idx: expected a whole number"):
        mg.embedding([0], W, padding_idx=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indices", "said"),
    [
        ([[0, 1], [3, 0]], r"index 3 at \[1, 0\] is out of range for a table of 3 rows, numbered from 0"),
        ([5, 0, -1], r"index 5 at \[0\] is out of range"),  # the first of them
        (-1, "index -1 is out of range"),
    ],
)
def test_an_embedding_names_the_index_that_is_out_of_range(indices: Any, said: str) -> None:
    with pytest.raises(IndexError, match=f"^embedding: {said}"):
        mg.embedding(indices, np.zeros((3, 2)))


def test_an_embedding_takes_integers_and_a_table() -> None:
    with pytest.raises(TypeError, match=r"embedding: expected integers as indices, got float64; convert them"):
        mg.embedding([0.0], np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"weight has shape \(3,\), expected a table \(V, D\); the indices come first"):
        mg.embedding(np.zeros((3, 2)), np.arange(3))


def test_zeros_at_the_ends_are_left_out() -> None:
    padded = np.array([[0, 0, 0.0, 0], [0, 1.5, 0, 0], [0, 0, 3, 0]])
    for value in (padded, padded[1], np.zeros((2, 3)), np.zeros(3), np.zeros(0)):
        x = Tensor(value, requires_grad=True)
        for trim in ("fb", "f", "b"):
            if value.ndim == 1 or np.lib.NumpyVersion(np.__version__) >= "2.2.0":  # of vectors alone before
                np.testing.assert_array_equal(np.trim_zeros(x, trim).data, np.trim_zeros(value, trim), strict=True)
    np.testing.assert_array_equal(mg.trim_zeros(padded, "F", axis=1), padded[:, 1:])
    x = Tensor(padded, requires_grad=True)
    mg.trim_zeros(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0]])
    with pytest.raises(ValueError, match="trim_zeros: got trim='x', expected 'f', 'b' or 'fb'"):
        mg.trim_zeros(x, "x")
