"""Products: zeros among the factors, to any order, and nothing divided by them."""

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

few_numbers = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 3.0])


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=few_numbers), st.data())
def test_a_factor_is_multiplied_by_all_others(value: Any, data: Any) -> None:
    axis = data.draw(st.sampled_from([None, *range(-value.ndim, value.ndim), tuple(range(value.ndim))]))
    x = Tensor(value, requires_grad=True)
    y = np.prod(x, axis=axis)
    np.testing.assert_array_equal(y.data, np.prod(value, axis=axis))
    y.sum().backward()
    for index in np.ndindex(value.shape):
        others = value.copy()
        others[index] = 1
        lane = list(index) if isinstance(axis, int) else [slice(None)] * value.ndim
        lane[axis if isinstance(axis, int) else 0] = slice(None)
        np.testing.assert_allclose(x.grad[index], others[tuple(lane)].prod())


@pytest.mark.parametrize("value", [[0.0, 2.0, 3.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0, -1.0], [0.0]])
def test_derivatives_of_third_order_with_zeros(value: Any) -> None:
    mg.check_grads(mg.prod, value, order=3)


def test_nothing_is_divided_by_a_product_that_underflows() -> None:
    x = Tensor([1e-200, 1e-200, 1e50], requires_grad=True)
    mg.prod(x).backward()
    np.testing.assert_allclose(x.grad, [1e-150, 1e-150, 0], atol=1e-300)


@pytest.mark.parametrize("value", [np.ones((0, 3)), np.zeros((3, 0))])
@pytest.mark.parametrize("f", [mg.prod, lambda x: mg.prod(x, axis=0)])
def test_products_of_an_empty_array(f: Any, value: Any) -> None:
    assert gradient(f, value).shape == value.shape
    assert mg.prod(value) == 1


def test_a_derivation_with_a_zero_names_the_other_factors() -> None:
    x = Tensor([3.0, 0.0, 2.0], requires_grad=True, name="x")
    assert "x̄ = L̄ Πⱼ≠ᵢ xⱼ" in str(mg.explain(np.prod(x).named("L")))
    x = Tensor([3.0, 1.0, 2.0], requires_grad=True, name="x")
    assert "x̄ = L̄ L / x" in str(mg.explain(np.prod(x).named("L")))
