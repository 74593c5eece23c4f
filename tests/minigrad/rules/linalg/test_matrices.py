"""Stacks of matrices, empty ones and float32, for all functions of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.kernels.linalg import decompositions, determinant, solve
from tests.helpers.gradient import gradient

rng = np.random.default_rng(0)


def test_stacks_are_done_matrix_by_matrix() -> None:
    stack = rng.normal(size=(2, 3, 3)) + 3 * np.eye(3)
    for f in (mg.inv, mg.det, mg.pinv, mg.svdvals, mg.cond, lambda a: mg.eigvalsh(a @ a.mT), lambda a: mg.qr(a).R):
        one_by_one = [gradient(f, a) for a in stack]
        np.testing.assert_allclose(gradient(f, stack), one_by_one, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2, 2), (2, 0, 0)])
def test_empty_ones(shape: Any) -> None:
    for f in (
        mg.inv,
        mg.det,
        mg.cholesky,
        mg.eigvals,
        mg.eigvalsh,
        mg.svdvals,
        lambda a: mg.solve(a, np.zeros((*shape[:-1], 1))),
    ):
        assert gradient(f, np.zeros(shape)).shape == shape


def test_single_precision_stays() -> None:
    a = (rng.normal(size=(3, 3)) + 3 * np.eye(3)).astype(np.float32)
    for f in (
        mg.inv, mg.det, mg.pinv, lambda x: mg.slogdet(x)[1], lambda x: mg.eigh(x @ x.T)[1], lambda x: mg.svd(x).U,
    ):  # fmt: skip
        x = Tensor(a, requires_grad=True)
        (f(x) ** 2).sum().backward()
        assert x.grad.dtype == f(x).dtype == np.float32


def test_kernels_write_into_nothing() -> None:
    a = rng.normal(size=(3, 3)) + 3 * np.eye(3)
    a.setflags(write=False)
    for kernel in (
        *(solve.inv, determinant.det, determinant.cofactor, determinant.slogdet),
        *(decompositions.eig, decompositions.left_eigenvectors, decompositions.full_svd),
        *(decompositions.eigh, decompositions.svd, decompositions.qr, decompositions.lower_half),
    ):
        kernel(a)
