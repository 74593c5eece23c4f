"""Linear interpolation: at knots, between and outside them, and knots that move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
)

import minigrad as mg
from minigrad.core.tensor import Tensor

values = st.floats(-10, 10)


def leaf(value: Any) -> Tensor:
    return Tensor(value, requires_grad=True)


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=6, unique=True).map(sorted),
    arrays(
        np.float64, array_shapes(min_dims=0, max_dims=2, max_side=4), elements=st.integers(-50, 50).map(lambda i: i / 2)
    ),
    st.none() | values,
    st.none() | values,
    st.data(),
)
def test_interpolation_is_numpys(knots: Any, x: Any, left: Any, right: Any, data: Any) -> None:
    """At knots, between them, outside; with any ends; and the heights get what the matrix of hats says."""
    xp = np.array(knots, dtype=float)
    fp = data.draw(arrays(np.float64, len(knots), elements=values))
    heights = leaf(fp)
    y = np.interp(x, xp, heights, left, right)
    np.testing.assert_allclose(y.data, np.interp(x, xp, fp, left, right), rtol=1e-12, atol=1e-12)
    y_bar = np.cos(np.arange(float(x.size))).reshape(x.shape)
    y.backward(y_bar)
    ends = {"left": None if left is None else 0, "right": None if right is None else 0}
    hats = [np.sum(np.interp(x, xp, hat, **ends) * y_bar) for hat in np.eye(len(xp))]
    np.testing.assert_allclose(heights.grad, hats, atol=1e-12)


def test_at_a_knot_the_line_to_its_right_counts() -> None:
    x = leaf([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
    np.interp(x, [0.0, 1.0, 2.0], [0.0, 10.0, 40.0]).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 10, 10, 30, 0, 0])


def test_what_is_outside_or_infinite_passes_nothing_on() -> None:
    x, fp = leaf([-np.inf, 0.5, np.inf]), leaf([1.0, 2.0])
    with np.errstate(invalid="ignore"):
        y = mg.interp(x, [0.0, 1.0], fp)
        y.sum().backward()
    np.testing.assert_array_equal(y.data, [1, 1.5, 2])
    np.testing.assert_array_equal(x.grad, [0, 1, 0])
    np.testing.assert_array_equal(fp.grad, [1.5, 1.5])


def test_a_knot_that_moves_takes_its_line_along() -> None:
    xp = leaf([0.0, 1.0])
    mg.interp(0.25, xp, [0.0, 8.0]).backward()
    np.testing.assert_allclose(xp.grad, [-6, -2])


def test_the_ends_have_derivatives_too() -> None:
    left, right = leaf(5.0), leaf(6.0)
    y = mg.interp([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0], [0.0, 1.0], [0.0, 8.0], left, right)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [5, 0, 4, 8, 6, 6])
    assert (left.grad, right.grad) == (1, 2)


def test_whole_numbers_and_single_precision() -> None:
    assert mg.interp([1, 2], [0, 4], [0, 1]).dtype == np.float64
    single = [np.array(part, dtype=np.float32) for part in ([1.5], [0, 4], [0, 1])]
    assert mg.interp(*map(leaf, single)).dtype == np.float32
    assert np.isnan(mg.interp(np.nan, [0.0, 1.0], [1.0, 2.0]))


@pytest.mark.parametrize(
    ("xp", "fp", "words"),
    [
        ([0.0, 2.0, 1.0], [0.0, 0.0, 0.0], r"must increase, but 2\.0 is followed by 1\.0 \(at 2\)"),
        ([0.0, 0.0], [0.0, 0.0], "must increase"),
        ([0.0, 1.0], [0.0], r"\(2,\) and values of shape \(1,\)"),
        ([], [], "n ≥ 1"),
        ([[0.0]], [[0.0]], r"\(1, 1\)"),
    ],
)
def test_errors_of_interpolation(xp: Any, fp: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mg.interp(leaf(0.5), xp, fp)


@pytest.mark.parametrize("end", ["left", "right"])
def test_a_periodic_function_has_no_ends(end: str) -> None:
    with pytest.raises(ValueError, match="interp: a periodic function has no left and no right end"):
        mg.interp(leaf(0.5), [0.0, 1.0], [0.0, 1.0], period=2.0, **{end: 1.0})
