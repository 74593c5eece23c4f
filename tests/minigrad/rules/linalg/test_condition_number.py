"""Condition numbers of singular matrices, in every norm, and what the number means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)
NORMS = [None, 2, -2, "fro", 1, -1, np.inf, -np.inf]


@pytest.mark.parametrize("p", NORMS)
def test_it_is_the_norm_times_that_of_the_inverse(p: Any) -> None:
    a = rng.normal(size=(3, 3))
    ord = 2 if p is None else p
    product = mg.grad(lambda a: mg.norm(a, ord) * mg.norm(mg.inv(a), ord))(a)
    np.testing.assert_allclose(mg.grad(lambda a: mg.cond(a, p))(a), product, rtol=1e-8, atol=1e-10)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:divide by zero:RuntimeWarning")
@pytest.mark.parametrize("p", NORMS)
@pytest.mark.parametrize("singular", [np.zeros((2, 2)), np.array([[1.0, 2.0], [0.0, 0.0]])])
def test_that_of_a_singular_matrix_is_infinite_and_its_slope_not_finite(p: Any, singular: Any) -> None:
    good = np.array([[3.0, 1.0], [0.5, 2.0]])
    matrices = Tensor([[good], [singular]], requires_grad=True)
    y = mg.cond(matrices, p)
    np.testing.assert_allclose(y.data, np.linalg.cond(matrices.data, p))
    mg.sum(y).backward()
    np.testing.assert_allclose(matrices.grad[0, 0], mg.grad(lambda a: mg.cond(a, p))(good))
    assert p == -2 or not np.isfinite(matrices.grad[1, 0]).all()


def test_the_best_condition_is_where_the_slope_ends() -> None:
    """A multiple of a rotation is as well conditioned as can be: the sum of its slopes in all directions is 0."""
    angle = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    np.testing.assert_allclose(mg.grad(lambda a: mg.cond(a, "fro"))(2 * angle), 0, atol=1e-14)


@pytest.mark.parametrize("p", NORMS)
def test_of_no_matrices_there_is_no_number(p: Any) -> None:
    assert mg.cond(Tensor(np.ones((0, 2, 2))), p).shape == (0,)


def test_errors() -> None:
    for shape in ((0, 2), (2, 0), (2,), ()):
        with pytest.raises(np.linalg.LinAlgError, match=r"^cond: expected matrices with at least one row"):
            mg.cond(Tensor(np.ones(shape)))
    with pytest.raises(np.linalg.LinAlgError, match=r"^cond: expected square matrices.*without p"):
        mg.cond(Tensor(np.ones((3, 2))), "fro")
    with pytest.raises(ValueError, match="ord of a matrix"):
        mg.cond(Tensor(np.eye(2)), 3)
