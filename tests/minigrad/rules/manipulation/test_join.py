"""Joining: each array gets its own slice of the error signal."""

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
from minigrad.pytree import tree_leaves, tree_unflatten
from tests.helpers.adjoint import assert_moves_elements_as_numpy

some_shape = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)


@st.composite
def shapes_and_axis(draw: Any) -> Any:
    """Shapes that differ in the length of one axis, and that axis."""
    shape = draw(some_shape)
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    lengths = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    at = axis % len(shape)
    return [(*shape[:at], n, *shape[at + 1 :]) for n in lengths], axis


@given(shapes_and_axis(), st.data())
def test_concatenate(case: Any, data: Any) -> None:
    shapes, axis = case
    assert_moves_elements_as_numpy(lambda *xs: np.concatenate(xs, axis=axis), *shapes)
    any_shapes = data.draw(st.lists(array_shapes(min_dims=0, max_side=2), min_size=1, max_size=3))
    assert_moves_elements_as_numpy(lambda *xs: np.concatenate(xs, None), *any_shapes)


@given(array_shapes(min_dims=0, max_side=3), array_shapes(min_dims=0, max_side=3))
def test_append(a: Any, b: Any) -> None:
    assert_moves_elements_as_numpy(np.append, a, b)
    assert_moves_elements_as_numpy(lambda x, y: np.append(x, y, 0), (2, *a), (1, *a))


@given(array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), st.integers(1, 3), st.data())
def test_stack(shape: Any, n: int, data: Any) -> None:
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    assert_moves_elements_as_numpy(lambda *xs: np.stack(xs, axis), *[shape] * n)


@given(array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=2), st.integers(1, 3))
def test_stacks_of_every_direction(shape: Any, n: int) -> None:
    for f in (np.hstack, np.vstack, np.dstack, *([np.column_stack] if len(shape) < 3 else [])):
        assert_moves_elements_as_numpy(lambda *xs, f=f: f(xs), *[shape] * n)


# ---------------------------------------------------------------- what can be joined


@pytest.mark.parametrize("join", [np.append, lambda x, values: np.insert(x, [1, 2], values)])
def test_lists_of_tensors_are_joined(join: Any) -> None:
    x = np.array([1.0, 2.0, 3.0])
    mg.check_grads(lambda x: join(x, [x[0], 2.0]), x)
    np.testing.assert_array_equal(join(Tensor(x), [Tensor(5.0), 6.0]).data, join(x, [5.0, 6.0]))


def test_tensors_arrays_and_lists_can_be_mixed() -> None:
    t = Tensor([1.0, 2.0], requires_grad=True)
    for joined in (
        np.concatenate([np.array([0.5]), t, [3.0]]),
        mg.concatenate((np.array([0.5]), t, [3.0])),
        mg.hstack([0.5, t, 3]),
        mg.append(mg.append(0.5, t), 3),
    ):
        t.zero_grad()
        joined.backward([1.0, 10.0, 100.0, 1000.0])
        np.testing.assert_array_equal(joined.data, [0.5, 1, 2, 3])
        np.testing.assert_array_equal(t.grad, [10, 100])


def test_numbers_are_stacked() -> None:
    x = Tensor(3.0, requires_grad=True)
    y = mg.stack([x, 2.0, x, np.float64(1.0)])
    y.backward([1.0, 10.0, 100.0, 1000.0])
    np.testing.assert_array_equal(y.data, [3, 2, 3, 1])
    assert float(x.grad) == 101


def test_the_dtype_is_numpys() -> None:
    single, double, whole = np.ones(2, np.float32), np.ones(2), np.ones(2, np.int8)
    for arrays in ([single, double], [single, whole], [single, single], [single, [1.0]], [whole, [True]]):
        expected = np.concatenate(arrays).dtype
        assert mg.concatenate([Tensor(arrays[0]), *arrays[1:]]).dtype == expected
        assert mg.stack([Tensor(arrays[0][0]), arrays[1][0]]).dtype == np.stack([arrays[0][0], arrays[1][0]]).dtype


def test_a_tensor_is_a_sequence_of_its_rows() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    y = np.concatenate(x)
    y.backward(np.arange(6.0))
    np.testing.assert_array_equal(y.data, np.arange(6))
    np.testing.assert_array_equal(x.grad, x.data)


def test_plain_arrays_stay_plain() -> None:
    assert type(mg.stack([1.0, 2.0])) is np.ndarray


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.concatenate([np.ones((2, 3)), np.ones((2, 4))]), r"array 0 .*\(2, 3\) and array 1 has \(2, 4\)"),
        (lambda: mg.concatenate([np.ones(2), np.ones(2), np.ones((2, 1))]), r"\(2,\) and array 2 has \(2, 1\)"),
        (lambda: mg.concatenate([]), "no arrays"),
        (lambda: mg.concatenate([1.0, 2.0]), "stack makes a vector"),
        (lambda: mg.concatenate([np.ones(2)], axis=1), "axis 1 is out of bounds"),
        (lambda: mg.stack([np.ones(2), np.ones(3)]), r"array 0 has shape \(2,\) and array 1 has \(3,\).*concatenate"),
        (lambda: mg.stack([]), "no arrays"),
        (lambda: mg.stack([1.0], axis=2), "axis 2 is out of bounds"),
        (lambda: mg.hstack([np.ones((2, 1)), np.ones((3, 1))]), r"hstack: array 0 has shape \(2, 1\).*axis 1 alone"),
        (lambda: mg.hstack([np.ones(2), np.ones((2, 1))]), r"hstack: .*shape \(2,\) and array 1 has \(2, 1\)"),
        (lambda: mg.vstack([np.ones(2), np.ones(3)]), r"vstack: array 0 has shape \(1, 2\).*axis 0 alone"),
    ],
)  # fmt: skip
def test_errors_of_value(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mg.stack(Tensor([1.0]), Tensor([2.0])), r"as one list, stack\(\[a, b\]\)"),
        (lambda: mg.concatenate([[Tensor(1.0)], [2.0]]), "a list that holds Tensors"),
        (lambda: np.concatenate([Tensor([1.0])], out=np.zeros(1)), "out="),
    ],
)
def test_errors_of_type(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


def test_blocks_of_any_depth_are_numpys() -> None:
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(2, 2)), rng.normal(size=(2, 1)), rng.normal(size=3)
    for blocks in (
        [[a, b], [c]],
        [[[a]], [[a]]],
        [c, 1.0, 2.0],
        [[1.0, 2.0], [3.0, 4.0]],
        [[np.ones((2, 1, 2)), np.zeros((2, 1, 1))]],
    ):
        lifted = tree_unflatten(blocks, iter(list(map(mg.Tensor, tree_leaves(blocks)))).__next__)
        np.testing.assert_array_equal(np.block(lifted).data, np.block(blocks))
    x = mg.Tensor(a)
    assert np.block(x) is x
    assert mg.block(3.0).shape == ()


@pytest.mark.parametrize(
    ("arrays", "error", "words"),
    [
        ([[1.0], 2.0], ValueError, "^block: got arrays in 1 and 2 nested lists"),
        ([[1.0], []], ValueError, r"^block: the list at \[1\] is empty"),
        ([], ValueError, r"^block: the list at \[\] is empty"),
        ([(1.0, 2.0)], TypeError, "^block: got a tuple"),
        ([[np.ones(2)], [np.ones(3)]], ValueError, "^block: array 0 has shape"),
    ],
)
def test_what_makes_no_block_is_refused(arrays: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        mg.block(arrays)


@given(st.data())
def test_inserting_and_deleting_are_numpys(data: Any) -> None:
    shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    n = x.size if axis is None else x.shape[axis]
    places = data.draw(
        st.integers(-n, n - 1)
        | st.lists(st.integers(-n, n - 1), max_size=4)
        | st.builds(slice, st.integers(-n, n), st.none() | st.integers(-n, n), st.sampled_from([None, 2, -1]))
        | st.lists(st.booleans(), min_size=n, max_size=n).map(np.array)
    )
    np.testing.assert_array_equal(np.delete(mg.Tensor(x), places, axis).data, np.delete(x, places, axis))
    np.testing.assert_array_equal(np.insert(mg.Tensor(x), places, -1.0, axis).data, np.insert(x, places, -1.0, axis))
    inserted = np.insert(x, places, 0.0, axis)
    y = mg.Tensor(x, requires_grad=True)
    np.insert(y, places, 0.0, axis).backward(inserted)
    np.testing.assert_array_equal(y.grad, x)


@pytest.mark.parametrize("place", [1, [1], slice(1, 2), np.array([False, True, False])], ids=str)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_one_place_takes_any_number_of_values(place: Any, n: int) -> None:
    x, values = np.arange(9.0).reshape(3, 3), -np.arange(1.0, 3 * n + 1).reshape(n, 3)
    for axis in (0, 1):
        inserted = values if axis == 0 or isinstance(place, int) else values.T
        np.testing.assert_array_equal(mg.insert(x, place, inserted, axis), np.insert(x, place, inserted, axis))
    np.testing.assert_array_equal(mg.insert(x[0], place, values[:, 0]), np.insert(x[0], place, values[:, 0]))


@pytest.mark.parametrize("places", [[0, 2], slice(0, 2), slice(None)], ids=str)
def test_several_places_take_one_value_each(places: Any) -> None:
    x, n = np.arange(3.0), 3 if places == slice(None) else 2
    np.testing.assert_array_equal(mg.insert(x, places, -x[:n]), np.insert(x, places, -x[:n]))
    with pytest.raises(ValueError, match=r"^insert: .*broadcast"):
        mg.insert(x, places, np.ones(n + 1))


@pytest.mark.parametrize("values", [7, [7, 8], np.array([7.9, 8.0])], ids=str)
def test_whole_numbers_take_plain_values(values: Any) -> None:
    x = np.arange(3)
    np.testing.assert_array_equal(mg.insert(x, 1, values), np.insert(x, 1, values), strict=True)


def test_errors_of_inserting_and_deleting() -> None:
    x, v = mg.Tensor([1.0, 2.0, 3.0]), mg.Tensor(1.0, requires_grad=True)
    for call, error, words in [
        (lambda: mg.insert(x, 4, 1.0), IndexError, "index 4 is out of bounds"),
        (lambda: mg.delete(x, 3), IndexError, "index 3 is out of bounds"),
        (lambda: mg.delete(x, [0.5]), IndexError, "^delete: expected whole numbers as indices, got float64"),
        (lambda: mg.insert(x, [True, False], 1.0), ValueError, r"^insert: got a mask of shape \(2,\), expected \(3,\)"),
        (lambda: mg.insert(np.arange(3), 0, v), TypeError, "^insert: values require gradients, and int64"),
        (lambda: mg.insert(x, 0, 1j), TypeError, "^insert: takes real numbers only"),
    ]:
        with pytest.raises(error, match=words):
            call()


def test_numpys_array_joins_tensors_where_it_asks() -> None:
    """With ``like=`` alone: without it NumPy copies the numbers, and a warning says so."""
    s, t = mg.Tensor(2.0, requires_grad=True), mg.Tensor([1.0, 3.0], requires_grad=True)
    y = np.array([[s, 5.0], t], like=t)
    np.testing.assert_array_equal(y.data, [[2.0, 5.0], [1.0, 3.0]])
    y.backward([[1.0, 10.0], [100.0, 1000.0]])
    assert s.grad == 1.0
    np.testing.assert_array_equal(t.grad, [100.0, 1000.0])
    assert np.asarray(t, like=t) is t
    assert np.asarray(t, dtype="float32", like=t).dtype == np.float32
    assert np.array([1, 2], like=t).tolist() == [1, 2]


@pytest.mark.parametrize("casting", ["no", "safe", "same_kind", "unsafe"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.complex128])
@pytest.mark.parametrize("join", [np.concatenate, np.stack, np.hstack, np.vstack], ids=lambda f: f.__name__)
def test_what_may_become_of_a_dtype_is_as_in_numpy(join: Any, dtype: Any, casting: Any) -> None:
    x = np.array([1.5, 2.0])
    try:
        expected = join([x, x], dtype=dtype, casting=casting)
    except TypeError:
        with pytest.raises(TypeError, match=f"^{join.__name__}: casting='{casting}' does not allow float64 to become"):
            join([Tensor(x), x], dtype=dtype, casting=casting)
    else:
        np.testing.assert_array_equal(join([Tensor(x), x], dtype=dtype, casting=casting).data, expected, strict=True)
