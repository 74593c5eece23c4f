"""Determinants of regular, singular and empty matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient


def cofactors(a: Any) -> Any:
    """By deleting a row and a column."""
    n = len(a)
    minors = [[np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) for j in range(n)] for i in range(n)]
    return np.array(minors).reshape(n, n) * (-1.0) ** np.add.outer(np.arange(n), np.arange(n))


@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 99))
def test_the_gradient_of_the_determinant_is_finite_at_every_rank(n: int, rank: int, seed: int) -> None:
    factors = np.random.default_rng(seed).normal(size=(2, n, min(rank, n)))
    a = factors[0] @ factors[1].T
    np.testing.assert_allclose(gradient(mg.det, a), cofactors(a), rtol=1e-9, atol=1e-9 * np.abs(a).max() ** (n - 1))


def test_the_gradient_of_the_determinant_of_special_matrices() -> None:
    np.testing.assert_array_equal(gradient(mg.det, np.zeros((1, 1))), [[1]])
    np.testing.assert_array_equal(gradient(mg.det, np.zeros((3, 3))), np.zeros((3, 3)))
    assert gradient(mg.det, np.zeros((0, 0))).shape == (0, 0)
    assert gradient(mg.det, np.zeros((0, 2, 2))).shape == (0, 2, 2)
    np.testing.assert_allclose(gradient(mg.det, np.diag([1.0, 0.0, 2.0])), np.diag([0, 2.0, 0]), atol=1e-15)


def test_a_determinant_that_overflows_has_a_logarithm() -> None:
    a = 1e5 * np.eye(100)
    x = Tensor(a, requires_grad=True)
    sign, logabsdet = np.linalg.slogdet(x)
    assert (sign.data, logabsdet.item()) == (1, pytest.approx(100 * np.log(1e5)))
    logabsdet.backward()
    np.testing.assert_allclose(x.grad, 1e-5 * np.eye(100))


def test_the_sign_is_a_constant() -> None:
    result = np.linalg.slogdet(Tensor([[0.0, 1.0], [1.0, 0.0]], requires_grad=True))
    assert result.sign.item() == -1
    assert not result.sign.requires_grad
    (result.sign * result.logabsdet).backward()


def test_a_derivation_writes_the_inverse() -> None:
    A = Tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
    assert "Ā = L̄ A⁻ᵀ" in str(mg.explain(mg.slogdet(A).logabsdet))


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda: mg.det(1.0), "det: expected square"),
        (lambda: gradient(lambda a: mg.slogdet(a).logabsdet, np.zeros((2, 2))), "inv: singular matrix"),
    ],
)
def test_linalg_errors_say_what_to_try(f: Any, message: str) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=message):
        f()
