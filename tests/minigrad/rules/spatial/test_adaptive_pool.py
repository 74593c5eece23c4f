"""Adaptive pooling: the bins, and both ways to compute them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.spatial import naive
from tests.helpers.spatial.pool_windows import pooled_images

sizes = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=3)


def function(kind: str, axes: int) -> Any:
    return getattr(mg, f"adaptive_{kind}_pool{axes}d")


@given(st.data(), sizes)
def test_values_against_loops(data: Any, bins: Any) -> None:
    size, output_size = zip(*bins, strict=True)
    x = data.draw(pooled_images(size))
    averages = function("avg", len(size))(x, output_size)
    np.testing.assert_allclose(averages, naive.in_bins(x, output_size, np.mean), rtol=1e-12, atol=1e-12)
    y, indices = function("max", len(size))(x, output_size, return_indices=True)
    np.testing.assert_array_equal(y, naive.in_bins(x, output_size, np.max))
    flat = np.arange(np.prod(size)).reshape(1, 1, *size)
    for channel in np.ndindex(x.shape[:2]):  # the first of the largest elements

        def first(bin: Any, x: Any = x[channel]) -> Any:
            return bin.ravel()[x.ravel()[bin.ravel()].argmax()]

        np.testing.assert_array_equal(indices[channel], naive.in_bins(flat, output_size, first)[0, 0])
    assert indices.dtype == np.int64


@given(st.data(), st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3))
def test_derivatives_to_the_second_order(data: Any, bins: Any) -> None:
    size, output_size = zip(*bins, strict=True)
    x = data.draw(pooled_images(size, ties=False))[:1, :1]
    for kind in ("avg", "max"):
        mg.check_grads(lambda x, f=function(kind, len(size)): mg.square(f(x, output_size)), x, order=2)  # noqa: B008


@pytest.mark.parametrize(
    ("size", "output_size", "regular"),
    [
        ((6,), (3,), True),
        ((7,), (3,), True),  # 0 to 3, 2 to 5, 4 to 7
        ((5,), (1,), True),
        ((5,), (3,), False),  # 0 to 2, 1 to 4, 3 to 5
        ((2,), (3,), False),
        ((1,), (2,), False),
        ((6, 4), (3, 3), True),
        ((5, 4), (3, 2), False),
        ((4, 5), (2, 3), False),
    ],
)
def test_bins_at_equal_distances_are_windows(size: Any, output_size: Any, regular: bool) -> None:
    axes = len(size)
    x = Tensor(np.ones((1, 1, *size)), requires_grad=True)
    assert (f"made by max_pool{axes}d" in repr(function("max", axes)(x, output_size))) is regular
    assert (f"sum_pool{axes}d" in str(mg.explain(function("avg", axes)(x, output_size).sum()))) is regular


def test_none_keeps_an_axis() -> None:
    x = np.random.default_rng(0).normal(size=(1, 2, 5, 4))
    for kind in ("avg", "max"):
        f = function(kind, 2)
        np.testing.assert_allclose(f(x, None), x)
        np.testing.assert_allclose(f(x, (None, 3)), f(x, (5, 3)))
        np.testing.assert_allclose(f(x, [2, None]), f(x, (2, 4)))
        np.testing.assert_allclose(f(x, 3), f(x, (3, 3)))


both_ways = pytest.mark.parametrize("output_size", [1, 3])  # of 5: one window, and bins of two lengths


@both_ways
def test_the_first_nan_wins(output_size: int) -> None:
    x = Tensor([[[1.0, np.nan, np.nan, 7.0, 8.0]]], requires_grad=True)
    y, indices = mg.adaptive_max_pool1d(x, output_size, return_indices=True)
    np.testing.assert_array_equal(y.data, [[[np.nan, np.nan, 8][:output_size]]])
    np.testing.assert_array_equal(indices, [[[1, 1, 4][:output_size]]])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [[[0, min(output_size, 2), 0, 0, output_size // 3]]])


@both_ways
def test_a_program_finds_the_largest_anew(output_size: int) -> None:
    def slope(x: Any) -> Any:
        return mg.grad(lambda x: mg.adaptive_max_pool1d(x, output_size).sum())(x)

    program = mg.compile(slope)
    for x in np.random.default_rng(0).normal(size=(3, 2, 1, 5)):
        np.testing.assert_array_equal(program(x), slope(x))


@both_ways
def test_float32_and_whole_numbers(output_size: int) -> None:
    x = Tensor(np.ones((1, 1, 5), np.float32), requires_grad=True)
    for kind in ("avg", "max"):
        x.zero_grad()
        y = function(kind, 1)(x, output_size)
        y.sum().backward()
        assert y.dtype == x.grad.dtype == np.float32
    whole = np.array([[[1, 2, 3, 4, 6]]])
    np.testing.assert_allclose(
        mg.adaptive_avg_pool1d(whole, output_size), [[[1.5, 3, 5]]] if output_size == 3 else [[[3.2]]]
    )
    assert mg.adaptive_max_pool1d(whole, output_size).dtype == int


@both_ways
@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("kind", ["avg", "max"])
def test_an_empty_batch(kind: str, axes: int, output_size: int) -> None:
    x = Tensor(np.ones((0, 3, *(5,) * axes)), requires_grad=True)
    y = function(kind, axes)(x, output_size)
    y.sum().backward()
    assert y.shape == (0, 3, *(output_size,) * axes)
    assert x.grad.shape == x.shape


@pytest.mark.parametrize(
    ("shape", "output_size", "message"),
    [
        ((1, 1, 4, 4), 0, r"output_size must be a whole number ≥ 1, or a pair \(rows, columns\), where None .*; got 0"),
        ((1, 1, 4, 4), (2, 2, 2), r"got \(2, 2, 2\)"),
        ((1, 1, 4, 4), 2.0, r"got 2.0"),
        ((1, 1, 0, 4), 2, r"an image of size \(0, 4\) has no pixels"),
        ((1, 4, 4), 2, r"expected images of shape \(N, C, H, W\), got \(1, 4, 4\); a single image needs a batch axis"),
    ],
)
@pytest.mark.parametrize("kind", ["avg", "max"])
def test_errors_say_how_to_mend_it(kind: str, shape: Any, output_size: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^adaptive_{kind}_pool2d: .*{message}"):
        function(kind, 2)(np.ones(shape), output_size)
