"""Inverses, linear systems and pseudo-inverses: singular matrices, small singular values, wrong shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)


def test_pinv_of_constant_rank() -> None:
    """A matrix of rank 2 that stays of rank 2: its factors are what varies."""
    left, right = rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    mg.check_grads(lambda b, c: mg.pinv(b @ c, rcond=1e-6), left, right, order=2, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(np.linalg.pinv(Tensor(left), rtol=1e-3).data, np.linalg.pinv(left))
    with pytest.raises(ValueError, match="two names for the same"):
        mg.pinv(left, 1e-3, rtol=1e-3)


def test_small_singular_values_count_as_0() -> None:
    np.testing.assert_allclose(mg.pinv(np.diag([1.0, 1e-14, 1e-17])), np.diag([1, 1e14, 0]))
    for params in ({"rcond": 1e-13}, {"rtol": 1e-13}):
        np.testing.assert_allclose(mg.pinv(np.diag([1.0, 1e-14, 1e-12]), **params), np.diag([1, 0, 1e12]))


def test_of_a_symmetric_matrix_the_lower_triangle_is_read() -> None:
    a = rng.normal(size=(3, 3))
    whole = np.tril(a) + np.tril(a, -1).T
    np.testing.assert_allclose(mg.pinv(a, hermitian=True), np.linalg.pinv(whole), rtol=1e-9)


def test_lists_are_matrices() -> None:
    np.testing.assert_allclose(mg.inv([[2, 0], [0, 4]]), [[0.5, 0], [0, 0.25]])
    np.testing.assert_allclose(mg.solve(Tensor(np.eye(2)), [1, 2]).data, [1, 2])


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda: mg.inv(Tensor(np.ones((2, 2)))), r"inv: singular matrix \(shape \(2, 2\)\); .*pinv"),
        (lambda: mg.inv(np.ones((2, 3))), r"inv: expected square matrices \(…, M, M\), got shape \(2, 3\)"),
        (lambda: np.linalg.solve(Tensor(np.zeros((2, 2))), [1.0, 2.0]), "solve: singular matrix .*pinv"),
        (lambda: mg.solve(np.eye(2), np.ones(3)), r"expected b of 2 rows, \(2,\) or \(…, 2, K\)"),
        (lambda: mg.solve(np.eye(2), 1.0), "expected b of 2 rows"),
        (lambda: mg.tensorsolve(np.eye(6), np.ones(3)), r"have as many elements as b, 3"),
        (lambda: mg.tensorinv(np.eye(6), 2), r"first 2 axes of shape \(6, 6\) have 36 elements and the others 1"),
        (lambda: mg.solve(np.ones((2, 3, 3)), np.ones((3, 3, 1))), r"\(2,\) does not broadcast with \(3,\)"),
    ],
)
def test_linalg_errors_say_what_to_try(f: Any, message: str) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=message):
        f()


@pytest.mark.parametrize("ind", [0, -1])
def test_the_axes_of_an_inverse_are_counted(ind: int) -> None:
    with pytest.raises(ValueError, match=f"tensorinv: got ind={ind}, expected a number of axes, at least 1"):
        mg.tensorinv(np.eye(2), ind)
