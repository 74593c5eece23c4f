"""Remainders, absolute values, signs, and broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minigrad as mg
from minigrad.core.graph import unbroadcast
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import assert_takes_empty_lists_and_single_numbers, gradient, gradients


def test_abs_is_flat_at_its_kink() -> None:
    np.testing.assert_array_equal(gradient(abs, [-2.0, 0.0, -0.0, 3.0]), [-1, 0, 0, 1])


def test_abs_of_whole_numbers_and_lists() -> None:
    np.testing.assert_array_equal(mg.abs([-1, 2]), [1, 2])
    assert mg.abs(Tensor([-1, 2])).dtype == int


def test_sign_is_flat() -> None:
    np.testing.assert_array_equal(gradient(np.sign, [-2.0, 0.0, 3.0]), [0, 0, 0])


def test_copysign() -> None:
    x_bar, y_bar = gradients(mg.copysign, [2.0, -2.0, 2.0, 0.0], [-1.0, 3.0, -0.0, 1.0])
    np.testing.assert_array_equal(x_bar, [-1, -1, -1, 0])
    np.testing.assert_array_equal(y_bar, 0)


def test_copysign_of_empty_lists_and_single_numbers() -> None:
    assert_takes_empty_lists_and_single_numbers(mg.copysign)


def test_a_plus_sign_changes_nothing() -> None:
    x = Tensor([-1.0, 2.0], requires_grad=True)
    assert +x is x
    np.testing.assert_array_equal(gradients(lambda x: +x * 2, [1.0])[0], [2])


def test_whole_numbers_stay_whole() -> None:
    t = Tensor([7, -7])
    assert (t % 2).dtype == (t // 2).dtype == abs(t).dtype == (+t).dtype == int
    np.testing.assert_array_equal((t % 2).data, [1, 1])


@given(st.floats(-50, 50), st.floats(0.1, 9) | st.floats(-9, -0.1))
def test_remainder_and_quotient_agree_with_python(x: float, y: float) -> None:
    a, b = Tensor(x, requires_grad=True), Tensor(y, requires_grad=True)
    assert (float(a % b), float(a // b)) == (x % y, x // y)
    assert tuple(map(float, divmod(a, b))) == divmod(x, y) == tuple(map(float, np.divmod(a, b)))
    assert (float(a % y), float(x % b), float(a // y), float(x // b)) == (x % y, x % y, x // y, x // y)
    assert tuple(map(float, divmod(x, b))) == divmod(x, y)
    (a % b).backward()
    np.testing.assert_allclose([a.grad, b.grad], [1, -(x // y)])


@pytest.mark.parametrize("f", [lambda x: x // 2.0, lambda x: 7.0 // x])
def test_quotients_are_flat_between_their_jumps(f: Any) -> None:
    np.testing.assert_array_equal(gradients(f, [-1.5, 0.5, 3.0])[0], 0)


def test_fmod_has_the_sign_of_the_dividend() -> None:
    x_bar, y_bar = gradients(np.fmod, [7.5, -7.5], [2.0, 2.0])
    np.testing.assert_array_equal(x_bar, 1)
    np.testing.assert_array_equal(y_bar, [-3, 3])


shapes = mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0)


@given(shapes, st.sampled_from([mg.add, mg.subtract, mg.multiply, mg.divide, mg.maximum]), st.integers(0, 99))
def test_broadcasting_is_the_adjoint_of_summing(shapes: Any, f: Any, seed: int) -> None:
    """The gradient of a stretched argument is that of its copies, summed: as if it had been repeated first."""
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


def test_the_step_gives_its_error_signal_to_the_value_at_0() -> None:
    x, y = Tensor([-1.0, 0.0, 2.0], requires_grad=True), Tensor(0.5, requires_grad=True)
    np.heaviside(x, y).backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(x.grad, [0, 0, 0])
    assert y.grad == 10


def test_fraction_and_whole_part() -> None:
    value = np.array([2.25, -0.5, 3.0, np.inf, -np.inf])
    x = Tensor(value, requires_grad=True)
    fraction, whole = np.modf(x)
    np.testing.assert_array_equal(fraction.data, np.modf(value)[0])
    np.testing.assert_array_equal(whole, np.modf(value)[1], strict=True)
    fraction.sum().backward()
    np.testing.assert_array_equal(x.grad, np.ones(5))
    np.testing.assert_array_equal(np.modf(Tensor([1, 2]))[1], np.modf([1, 2])[1], strict=True)
    with pytest.raises(TypeError, match="modf: takes real numbers only"):
        mg.modf(np.ones(2) * 1j)
