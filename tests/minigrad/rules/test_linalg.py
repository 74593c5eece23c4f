"""Matrix products of random shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minigrad as mg
from minigrad.tensor import Tensor


@given(mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3), st.integers(0, 99))
def test_both_rules_are_adjoint_to_the_product(shapes: Any, seed: int) -> None:
    """⟨z̄, dx @ y⟩ = ⟨x̄, dx⟩ and ⟨z̄, x @ dy⟩ = ⟨ȳ, dy⟩ for every direction dx, dy."""
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=shape) for shape in shapes.input_shapes)
    x, y = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
    z = mg.matmul(x, y)
    np.testing.assert_allclose(z.data, a @ b)
    z_bar = rng.normal(size=z.shape)
    z.backward(z_bar)
    dx, dy = rng.normal(size=a.shape), rng.normal(size=b.shape)
    assert np.sum(z_bar * (dx @ b)) == pytest.approx(np.sum(x.grad * dx), abs=1e-10)
    assert np.sum(z_bar * (a @ dy)) == pytest.approx(np.sum(y.grad * dy), abs=1e-10)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="matmul"):
        Tensor(np.ones((2, 3))) @ Tensor(np.ones((2, 3)))


def test_a_layer_of_mixed_precision_computes_in_the_wider_one() -> None:
    x, W, b = np.ones((1, 2), np.float32), np.ones((3, 2), np.float32), np.full(3, 1e-9)
    z = mg.linear(x, W, b)
    assert z.dtype == np.float64
    np.testing.assert_array_equal(z, x @ W.T + b)
