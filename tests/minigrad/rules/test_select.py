"""Choosing: what was not chosen gets exactly 0, what was chosen twice gets both shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices, integer_array_indices

import minigrad as mg
from minigrad.tensor import Tensor


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
