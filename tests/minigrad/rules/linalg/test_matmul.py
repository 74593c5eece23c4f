"""Matrix products of random shapes."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minigrad as mg
from minigrad.core.tensor import Tensor


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


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ((2, 3), (2, 3), "the last length of x (3) must equal the second-to-last length of y (2); "
                         "did you mean x.T @ y or x @ y.T?"),
        ((2, 3), (5, 3), "did you mean x @ y.T?"),
        ((2, 3), (2, 5), "did you mean x.T @ y?"),
        ((2, 3), (5, 2), "did you mean y @ x?"),
        ((2, 3), (2,), "must equal the only length of y (2); did you mean x.T @ y or y @ x?"),
        ((3,), (2, 3), "did you mean x @ y.T?"),
        ((3,), (2,), "the last length of x (3) must equal the only length of y (2)"),
        ((4, 2, 3), (4, 2, 3), "did you mean x.mT @ y or x @ y.mT?"),
        ((4, 2, 3), (5, 3, 2), "the leading axes count matrices, but (4,) does not broadcast with (5,)"),
        ((), (3,), "matmul: x @ y has shapes () and (3,), and a number has no axis to sum over; write x * y"),
        ((2, 2), (), "write x * y"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(x: Any, y: Any, said: str) -> None:
    for left, right in [(Tensor(np.ones(x)), Tensor(np.ones(y))), (np.ones(x), Tensor(np.ones(y)))]:
        with pytest.raises(ValueError, match=r"^matmul: x @ y has shapes") as caught:
            mg.matmul(left, right)
        assert str(caught.value).endswith(said)


def test_every_product_that_the_error_suggests_can_be_computed() -> None:
    lengths, suggested = (2, 3), 0
    shapes = [*product(lengths), *product(lengths, lengths), *product((4,), lengths, lengths)]
    for shape_of_x, shape_of_y in product(shapes, repeat=2):
        x, y = Tensor(np.ones(shape_of_x)), Tensor(np.ones(shape_of_y))
        try:
            x @ y
        except ValueError as error:
            if hint := re.search(r"did you mean (.*)\?$", str(error)):
                for code in hint[1].split(" or "):
                    eval(code)
                    suggested += 1
    assert suggested > 50


def test_a_layer_of_mixed_precision_computes_in_the_wider_one() -> None:
    x, W, b = np.ones((1, 2), np.float32), np.ones((3, 2), np.float32), np.full(3, 1e-9)
    z = mg.linear(x, W, b)
    assert z.dtype == np.float64
    np.testing.assert_array_equal(z, x @ W.T + b)


@pytest.mark.parametrize(
    ("x", "weight", "bias", "said"),
    [
        ((5, 3), (2, 4), None, r"\(5, 3\) and weight \(2, 4\).* the same I; did you mean Linear\(3, 2\)\?$"),
        ((3,), (2, 4), None, r"\(3,\) and weight \(2, 4\).* the same I$"),
        ((3,), (2, 3, 1), None, r"weight \(2, 3, 1\).* the same I$"),
        ((5, 1, 4, 4), (2, 16), None, r"nn\.Flatten\(\) turns images into vectors of 16$"),
        ((5, 1, 4, 4), (2, 9), None, r"nn\.Flatten\(\) turns images into vectors of 16, for Linear\(16, 2\)$"),
        ((5, 3), (2, 3), (3,), r"bias has shape \(3,\), expected one number for each output: \(2,\)$"),
        ((5, 3), (2, 3), (2, 1), r"bias has shape \(2, 1\)"),
    ],
)
def test_layers_that_do_not_fit(x: Any, weight: Any, bias: Any, said: str) -> None:
    with pytest.raises(ValueError, match=rf"^linear: .*{said}"):
        mg.linear(Tensor(np.ones(x)), np.ones(weight), None if bias is None else np.ones(bias))
