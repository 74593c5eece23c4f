"""Ties, limits, powers at 0, remainders, and broadcasting."""

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


def test_0_to_negative_powers_is_infinitely_steep() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(mg.power, [0.0], [-1.0]), [[-np.inf], [-np.inf]])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(lambda y: 0.0**y, [-1.0, 0.0, 2.0])[0], [-np.inf, 0, 0])
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(gradients(lambda x: x**0.5, [0.0])[0], [np.inf])


def test_a_negative_base_has_no_slope_in_its_exponent() -> None:
    with pytest.warns(RuntimeWarning, match="invalid value"):
        x_bar, y_bar = gradients(mg.power, [-2.0, 2.0], [3.0, 3.0])
    np.testing.assert_array_equal(x_bar, [12, 12])
    np.testing.assert_allclose(y_bar, [np.nan, 8 * np.log(2)])


@pytest.mark.parametrize("base", [0, 2, 0.0, 2.0])
def test_a_python_number_as_base_keeps_float32(base: float) -> None:
    y = Tensor([1.0, 2.0], requires_grad=True, dtype=np.float32)
    z = base**y
    assert z.dtype == np.float32
    z.sum().backward(create_graph=True)
    assert y.grad.dtype == np.float32
    y.grad.sum().backward()


@given(st.sampled_from([0.0, 1.0, -1.0, 2.0, -2.0, 3.0]), st.sampled_from([0, 1, 2, 3, 4]))
def test_whole_powers_agree_with_products(x: float, n: int) -> None:
    """To third order, and at 0 too."""
    t = Tensor(x, requires_grad=True)
    y = t**n
    for order in range(4):
        factor = np.prod([n - i for i in range(order)]) if order else 1
        assert float(y) == factor * x ** max(n - order, 0)
        if not y.requires_grad:
            assert n - order <= 0
            break
        t.zero_grad()
        y.backward(create_graph=True)
        y = t.grad


def test_float_power_counts_in_floats() -> None:
    np.testing.assert_array_equal(mg.float_power([1, 2, 4], -1), np.float_power([1, 2, 4], -1))
    np.testing.assert_array_equal(gradients(lambda x: np.float_power(x, 2), [3.0])[0], [6])


@pytest.mark.parametrize(("f", "both"), [(mg.fmax, max), (mg.fmin, min)])
def test_what_is_not_nan_is_taken_with_its_error_signal(f: Any, both: Any) -> None:
    nan = np.nan
    x, y = [1.0, nan, 1.0, 2.0, nan], [nan, 2.0, 3.0, 2.0, nan]
    np.testing.assert_array_equal(f(x, y), [1, 2, both(1, 3), 2, nan])
    x_bar, y_bar = gradients(f, x, y)
    np.testing.assert_array_equal(x_bar, [1, 0, f is mg.fmin, 0.5, 0])
    np.testing.assert_array_equal(y_bar, [0, 1, f is mg.fmax, 0.5, 0])


# ---------------------------------------------------------------- limits


def test_what_is_level_with_a_limit_passes() -> None:
    x_bar, low_bar, high_bar = gradients(np.clip, [-1.0, 0.0, 0.5, 1.0, 2.0], 0.0, 1.0)
    np.testing.assert_array_equal(x_bar, [0, 1, 1, 1, 0])
    assert (low_bar, high_bar) == (1, 1)


def test_limits_in_the_wrong_order() -> None:
    """As in NumPy, the upper one counts."""
    x_bar, low_bar, high_bar = gradients(np.clip, [-1.0, 0.5, 2.0], 1.0, 0.0)
    np.testing.assert_array_equal(np.clip([-1.0, 0.5, 2.0], 1.0, 0.0), 0)
    np.testing.assert_array_equal(x_bar, 0)
    assert (low_bar, high_bar) == (0, 3)


limits = st.none() | st.floats(-3, 3)


@given(st.lists(st.floats(-5, 5) | st.just(np.nan), min_size=1, max_size=5), limits, limits)
def test_clip_is_that_of_numpy(values: list[float], low: Any, high: Any) -> None:
    x = Tensor(values, requires_grad=True)
    expected = np.clip(x.data, low, high)
    for y in (mg.clip(x, low, high), np.clip(x, low, high), np.clip(x, min=low, max=high), x.clip(low, high)):
        np.testing.assert_array_equal(y.data, expected)
    if low is not None or high is not None:
        np.clip(x, a_min=low, a_max=high).sum().backward()
        np.testing.assert_array_equal(x.grad, np.isnan(x.data) | (expected == x.data))


def test_clip_of_plain_arrays_and_lists() -> None:
    np.testing.assert_array_equal(mg.clip([1, 5, 9], 2, 6), [2, 5, 6])
    assert mg.clip(np.array([1, 5]), 2, 6).dtype == int
    assert mg.clip(np.zeros((0, 2)), 0, 1).shape == (0, 2)


# ---------------------------------------------------------------- remainders


@given(st.floats(-50, 50), st.floats(0.1, 9) | st.floats(-9, -0.1))
def test_remainder_and_quotient_are_those_of_python(x: float, y: float) -> None:
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


def test_fmod_has_the_sign_of_what_is_divided() -> None:
    x_bar, y_bar = gradients(np.fmod, [7.5, -7.5], [2.0, 2.0])
    np.testing.assert_array_equal(x_bar, 1)
    np.testing.assert_array_equal(y_bar, [-3, 3])


def test_whole_numbers_stay_whole() -> None:
    t = Tensor([7, -7])
    assert (t % 2).dtype == (t // 2).dtype == abs(t).dtype == (+t).dtype == int
    np.testing.assert_array_equal((t % 2).data, [1, 1])


def test_a_plus_sign_changes_nothing() -> None:
    x = Tensor([-1.0, 2.0], requires_grad=True)
    assert +x is x
    np.testing.assert_array_equal(gradients(lambda x: +x * 2, [1.0])[0], [2])


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


def test_a_nan_elsewhere_changes_nothing_for_the_others() -> None:
    for f, lost in [(mg.maximum, [0.0, 0.0, 1.0]), (mg.minimum, [0.0, 1.0, 0.0])]:
        x = Tensor([0.0, 1.0, 2.0], requires_grad=True)
        y = Tensor([np.nan, 3.0, 1.0], requires_grad=True)
        f(x, y).sum().backward()
        np.testing.assert_array_equal(x.grad, lost)
        np.testing.assert_array_equal(y.grad, 1 - np.array(lost))
