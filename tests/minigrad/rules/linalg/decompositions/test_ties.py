"""Vectors beside a tie: a tie of values that the loss does not use changes nothing, in both modes and all batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg

rng = np.random.default_rng(0)


def rotation(n: int) -> Any:
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def symmetric(*values: float, rotated: bool) -> Any:
    q = rotation(len(values)) if rotated else np.eye(len(values))
    a = (q * np.array(values)) @ q.T
    return (a + a.T) / 2


def matrix(rows: int, *values: float, rotated: bool) -> Any:
    a = np.zeros((rows, len(values)))
    np.fill_diagonal(a, values)
    return rotation(rows) @ a @ rotation(len(values)) if rotated else a


def agree(f: Callable[[Any], Any], a: Any, directions: list[Any]) -> None:
    """The derivatives in both modes are those of central differences, along each direction."""
    w = rng.normal(size=np.shape(f(a)))
    slope = mg.grad(lambda a: mg.sum(w * f(a)))(a)
    for da in directions:
        expected = np.sum(w * (f(a + 1e-5 * da) - f(a - 1e-5 * da))) / 2e-5
        np.testing.assert_allclose(np.sum(slope * da), expected, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(np.sum(w * mg.jvp(f, (a,), (da,))[1]), expected, rtol=1e-6, atol=1e-8)


def outer(v: Any) -> Any:
    """Without the sign, which is arbitrary."""
    return mg.outer(v, v)


ROTATED = pytest.mark.parametrize("rotated", [False, True], ids=["diagonal", "rotated"])


@ROTATED
@pytest.mark.parametrize(
    ("values", "k"), [((1, 2, 2, 5), 0), ((1, 2, 2, 5), 3), ((2, 2, 2, 3), 3), ((0, 0, 1, 1), None)]
)
def test_eigenvectors(values: tuple[float, ...], k: int | None, rotated: bool) -> None:
    a = symmetric(*values, rotated=rotated)
    directions = [d + d.T for d in rng.normal(size=(3, 4, 4))]
    if k is None:  # no eigenvalue is simple, but their sum is smooth
        agree(lambda a: mg.sum(mg.eigh(a).eigenvalues[:2]), a, directions)
        return
    agree(lambda a: outer(mg.eigh(a).eigenvectors[:, k]), a, directions)
    agree(lambda a: mg.eigh(a).eigenvalues[k] * outer(mg.eigh(a).eigenvectors.mT[k]), a, directions)


@ROTATED
@pytest.mark.parametrize("rows", [4, 6])
@pytest.mark.parametrize("values", [(3, 2, 2, 1), (3, 2, 1, 0), (3, 2, 0, 0), (3, 1, 1, 1)])
def test_singular_vectors(values: tuple[float, ...], rows: int, rotated: bool) -> None:
    for a in (matrix(rows, *values, rotated=rotated), matrix(rows, *values, rotated=rotated).T):
        directions = list(rng.normal(size=(3, *a.shape)))
        agree(lambda a: outer(mg.svd(a, full_matrices=False).U[:, 0]), a, directions)
        agree(lambda a: outer(mg.svd(a, full_matrices=False).Vh[0]), a, directions)

        def best_of_rank_1(a: Any) -> Any:
            U, S, Vh = mg.svd(a, full_matrices=False)
            return (U[:, :1] * S[:1]) @ Vh[:1]

        agree(best_of_rank_1, a, directions)


@ROTATED
def test_a_tie_in_one_matrix_of_a_stack_is_none_in_the_others(rotated: bool) -> None:
    a = symmetric(1, 2, 3, rotated=rotated)
    d = rng.normal(size=(3, 3))
    agree(lambda a: outer(mg.eigh(mg.stack([a, np.eye(3)])).eigenvectors[0, :, 1]), a, [d + d.T])
    agree(lambda a: outer(mg.svd(mg.stack([a, np.eye(3)])).U[0, :, 1]), a, [d])


@pytest.mark.parametrize("values", [(1, 2, 2), (1, 1, 1)])
@pytest.mark.parametrize("f", [mg.sqrt, mg.exp, lambda x: 1 / x], ids=["sqrt", "exp", "inverse"])
def test_what_depends_on_tied_vectors_is_never_a_wrong_number(f: Any, values: tuple[float, ...]) -> None:
    """A tie comes back from LAPACK as a gap of 1e-16, and its reciprocal times a rounding error is any number."""

    def function(a: Any) -> Any:
        eigenvalues, vectors = mg.eigh(a)
        return (vectors * f(eigenvalues)) @ vectors.mT

    for _ in range(5):
        a, w = symmetric(*values, rotated=True), rng.normal(size=(3, 3))
        assert np.isnan(mg.grad(lambda a, w=w: mg.sum(w * function(a)))(a)).all()
        assert np.isnan(mg.jvp(function, (a,), (w + w.T,))[1]).any()


def test_second_derivatives_at_an_error_signal_of_0() -> None:
    """Only at a tie it matters whether a vector is used: here the error signal of V is 0, its derivative is not."""
    a = np.diag([1.0, 2.0, 4.0])
    d = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    second = mg.jvp(lambda a: mg.grad(lambda a: mg.eigh(a).eigenvectors[0, 1] ** 2)(a), (a,), (d,))[1]
    np.testing.assert_allclose(np.sum(second * d), 2)  # sin² of an angle of 1 / gap
