"""Norms: the tip of the cone, ties, and every order that NumPy has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient

ORDERS = [2, 1, 0, 3, 1.5, 0.5, np.inf, -np.inf]


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=st.integers(-3, 3)), st.data())
def test_values_agree_with_numpy(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([*range(-value.ndim, value.ndim)]))
    ord, keepdims = data.draw(st.sampled_from([None, *ORDERS])), data.draw(st.booleans())
    found = np.linalg.norm(Tensor(value), ord, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(found.data, np.linalg.norm(value, ord, axis=axis, keepdims=keepdims), rtol=1e-14)
    assert np.isfinite(gradient(lambda x: mg.norm(x, ord, axis), value)).all()
    np.testing.assert_allclose(np.linalg.norm(Tensor(value)).data, np.linalg.norm(value), rtol=1e-14)
    if value.ndim > 1:
        for kind in ("fro", 1, -1, np.inf, -np.inf):
            found = np.linalg.matrix_norm(Tensor(value), ord=kind, keepdims=keepdims)
            np.testing.assert_allclose(found.data, np.linalg.matrix_norm(value, ord=kind, keepdims=keepdims))


@pytest.mark.parametrize("ord", ORDERS)
def test_at_the_tip_no_direction_is_the_steepest(ord: Any) -> None:
    x = Tensor(np.zeros(3), requires_grad=True)
    mg.vector_norm(x, ord=ord).backward(create_graph=True)
    np.testing.assert_array_equal(x.grad.data, 0)
    if x.grad.requires_grad:  # the slopes of the 1-norm and the ∞-norm are constant
        slope, x.grad = x.grad, None
        with np.errstate(all="ignore"):
            (slope * np.arange(3.0)).sum().backward()
        np.testing.assert_array_equal(
            x.grad, 0 if ord in (0, 1, np.inf, -np.inf) else np.nan
        )  # other slopes jump there


def test_an_element_that_is_zero() -> None:
    np.testing.assert_allclose(gradient(lambda x: mg.norm(x, 1), [0.0, -3.0]), [0, -1])
    np.testing.assert_allclose(gradient(lambda x: mg.norm(x, 0.5), [0.0, -3.0]), [0, -1])
    with np.errstate(divide="ignore"):  # as NumPy warns
        np.testing.assert_allclose(gradient(lambda x: mg.norm(x, -0.5), [0.0, -3.0]), [0, 0])  # the norm stays 0
    np.testing.assert_allclose(gradient(mg.norm, [0.0, -3.0]), [0, -1])


@pytest.mark.parametrize("ord", [np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(), (1,), (4,), (9,)])
def test_the_largest_and_the_smallest_complex_number_get_the_signal(shape: tuple[int, ...], ord: float) -> None:
    """NumPy rounds the absolute value of a single number, and those of arrays, in different ways."""
    rng = np.random.default_rng(0)
    for _ in range(30):
        z = rng.normal(size=shape) + 1j * rng.normal(size=shape)
        for x in (z, np.repeat(z[..., None], 2, -1)[..., 0], z.astype(np.complex64)):
            z_bar = mg.grad(lambda z: mg.vector_norm(z, ord=ord))(x)
            i = np.unravel_index((np.argmax if ord > 0 else np.argmin)(np.abs(x)), shape)
            expected = np.zeros(shape, x.dtype)
            expected[i] = np.conj(x[i]) / np.abs(x[i])
            np.testing.assert_allclose(z_bar, expected, rtol=1e-6)


def test_the_1_norm_is_as_steep_at_infinity() -> None:
    np.testing.assert_array_equal(gradient(lambda x: mg.norm(x, 1), [np.inf, -3.0]), [1, -1])


def test_absolute_values_that_tie_share_the_error_signal() -> None:
    np.testing.assert_allclose(gradient(lambda x: mg.norm(x, np.inf), [2.0, -2.0, 1.0]), [0.5, -0.5, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_a_matrix(dtype: type) -> None:
    x = np.array([[3.0, 4.0], [0.0, 0.0]], dtype)
    np.testing.assert_allclose(gradient(lambda x: mg.norm(x, axis=1), x), np.array([[0.6, 0.8], [0, 0]]), rtol=1e-6)
    assert gradient(lambda x: mg.norm(x, axis=1), x).dtype == dtype


def test_all_norms_of_plain_matrices() -> None:
    x = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 0.0]])
    for ord in (2, -2, "nuc"):
        np.testing.assert_allclose(mg.norm(x, ord), np.linalg.norm(x, ord))
        stack = np.stack([x, 2 * x], axis=1)
        for keepdims in (False, True):
            expected = np.linalg.norm(stack, ord, (2, 0), keepdims)
            np.testing.assert_allclose(mg.norm(stack, ord, (2, 0), keepdims), expected)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_the_largest_of_no_numbers_counts_as_0(shape: tuple[int, int]) -> None:
    x = np.zeros(shape)
    for ord in (1, 2, np.inf, "nuc", "fro"):
        assert mg.norm(x, ord) == 0
    for ord in (-1, -2, -np.inf):
        smallest_of = {-1: shape[1], -2: min(shape), -np.inf: shape[0]}[ord]
        if not smallest_of:
            with pytest.raises(ValueError, match=r"^norm: min: an array of shape"):
                mg.norm(x, ord)


def test_integers_do_not_overflow() -> None:
    assert mg.norm(np.array([3, 4], np.int8) * np.int8(25)) == 125


def test_orders_that_are_not_norms() -> None:
    with pytest.raises(ValueError, match=r"\"fro\".*got 3"):
        mg.norm(Tensor(np.ones((2, 2))), 3)
    with pytest.raises(ValueError, match="'fro', not a norm of vectors"):
        mg.norm(Tensor(np.ones(2)), "fro")
    with pytest.raises(ValueError, match="got 3 axes"):
        mg.norm(Tensor(np.ones((2, 2, 2))), 2)
    with pytest.raises(ValueError, match=r"expected a matrix, got shape \(2,\)"):
        mg.matrix_norm(Tensor(np.ones(2)))
