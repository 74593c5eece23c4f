"""Choosing: what was not chosen gets exactly 0, what was chosen twice gets both shares."""

from __future__ import annotations

import re
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
    mutually_broadcastable_shapes,
)

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.rules.arguments import as_integers
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


def test_whole_numbers_of_any_kind_count() -> None:
    assert (
        as_integers("f", 2)
        == as_integers("f", np.int8(2))
        == as_integers("f", np.array(2))
        == as_integers("f", Tensor(2))
        == 2
    )
    assert as_integers("f", [1, 2]) == as_integers("f", (1, np.int8(2))) == as_integers("f", Tensor([1, 2])) == (1, 2)
    for other in (0.5, [1, 0.5], "2"):
        with pytest.raises(TypeError, match=f"f: expected whole numbers, got {re.escape(repr(other))}"):
            as_integers("f", other)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: mg.where(x > 0, x), ValueError, "got one value and expected two"),
        (lambda x: mg.take(x, 3), IndexError, "out of bounds"),
        (lambda x: mg.take(x, [0.5]), TypeError, "expected integers as indices, got float64"),
        (lambda x: mg.take(x, 0, 1), ValueError, "axis 1 is out of bounds"),
        (lambda x: mg.take(x, 0, mode="round"), ValueError, "mode='round'"),
        (lambda x: mg.take(x[:0], 0, mode="wrap"), IndexError, "out of bounds"),
        (lambda x: mg.take_along_axis(x, [[0]], 0), ValueError, r"shape \(1, 1\) for an array of shape \(2,\)"),
        (lambda x: mg.compress([[True]], x), ValueError, r"shape \(1, 1\), expected booleans along one axis"),
        (lambda x: mg.select([x > 0], [x, x]), ValueError, "1 conditions and 2 choices"),
        (lambda x: mg.select([], []), ValueError, "0 conditions"),
        (lambda x: mg.choose([0, 2], [x, x]), ValueError, "from 0 to 2 for 2 choices"),
        (lambda x: mg.choose([-1, 0], [x, x]), ValueError, "from -1 to 0 for 2 choices"),
    ],
)  # fmt: skip
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(Tensor([1.0, 2.0], requires_grad=True))
