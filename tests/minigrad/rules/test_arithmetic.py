"""Ties, powers at 0, and broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minigrad as mg
from minigrad.graph import unbroadcast
from minigrad.tensor import Tensor


def gradients(f: Any, *values: Any) -> list[Any]:
    xs = [Tensor(v, requires_grad=True) for v in values]
    f(*xs).sum().backward()
    return [x.grad for x in xs]


@pytest.mark.parametrize("f", [mg.maximum, mg.minimum])
def test_ties_share_by_halves(f: Any) -> None:
    x_bar, y_bar = gradients(f, [1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    np.testing.assert_array_equal(x_bar + y_bar, 1)  # nothing is lost and nothing is made up
    assert x_bar[1] == y_bar[1] == 0.5


def test_maximum_with_itself() -> None:
    np.testing.assert_array_equal(gradients(lambda x: mg.maximum(x, x), [2.0])[0], [1.0])


@pytest.mark.parametrize("zero", [0, 0.0, np.float32(0), np.float64(0), np.zeros(2), Tensor(0.0)], ids=repr)
def test_the_power_0_is_constant_also_at_0(zero: Any) -> None:
    np.testing.assert_array_equal(gradients(lambda x: x**zero, [0.0, 2.0])[0], [0, 0])


def test_powers_at_0() -> None:
    np.testing.assert_array_equal(gradients(lambda x: x**1, [0.0])[0], [1])
    np.testing.assert_array_equal(gradients(lambda x: x**2, [0.0])[0], [0])
    np.testing.assert_array_equal(gradients(lambda y: 0.0**y, [2.0])[0], [0])
    x_bar, y_bar = gradients(mg.power, [0.0, 0.0, 3.0], [0.0, 1.0, 0.0])
    np.testing.assert_array_equal(x_bar, [0, 1, 0])
    np.testing.assert_allclose(y_bar, [0, 0, np.log(3)])


def test_negative_bases() -> None:
    """The exponent is a constant, so nobody asks for its error signal and no logarithm is taken."""
    np.testing.assert_array_equal(gradients(lambda x: x**3, [-2.0])[0], [12])
    np.testing.assert_array_equal(gradients(lambda x: x**-1, [-2.0])[0], [-0.25])


shapes = mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0)


@given(shapes, st.sampled_from([mg.add, mg.subtract, mg.multiply, mg.divide, mg.maximum]), st.integers(0, 99))
def test_broadcasting_is_the_adjoint_of_summing(shapes: Any, f: Any, seed: int) -> None:
    """The gradient of a stretched argument is that of its copies, summed: as if it had been repeated by hand."""
    rng = np.random.default_rng(seed)
    values = [rng.uniform(0.5, 2, size=shape) for shape in shapes.input_shapes]
    weight = rng.normal(size=shapes.result_shape)
    found = gradients(lambda x, y: f(x, y) * weight, *values)
    by_hand = gradients(lambda x, y: f(x, y) * weight, *[np.broadcast_to(v, shapes.result_shape) for v in values])
    for x_bar, copies, value in zip(found, by_hand, values, strict=True):
        assert x_bar.shape == value.shape
        lost = copies.ndim - value.ndim
        summed = copies.sum(axis=tuple(range(lost)))
        summed = summed.sum(axis=tuple(i for i, n in enumerate(value.shape) if n == 1), keepdims=True)
        np.testing.assert_allclose(x_bar, summed, rtol=1e-10, atol=1e-12)


@given(shapes)
def test_unbroadcast_counts_the_copies(shapes: Any) -> None:
    for shape in shapes.input_shapes:
        counts = unbroadcast(np.ones(shapes.result_shape), shape)
        assert counts.shape == shape
        if counts.size and np.prod(shapes.result_shape):
            assert (counts == np.prod(shapes.result_shape) // np.prod(shape)).all()
        assert counts.sum() == np.prod(shapes.result_shape)
