"""Matrices and transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from tests.minigrad.promises import inf, same, slopes

singular = np.ones((2, 2))
tied = np.eye(2)


def test_singular() -> None:
    """`inv` and `solve` of a singular matrix, `cholesky` of an indefinite one"""
    for f in (mg.inv, lambda a: mg.solve(a, [1.0, 2.0]), mg.cholesky):
        with pytest.raises(np.linalg.LinAlgError, match=r"^(inv|solve|cholesky): "):
            f([[1.0, 2.0], [2.0, 1.0]] if f is mg.cholesky else singular)


def test_det() -> None:
    """`det` of a singular matrix"""
    same(mg.det(singular), 0)
    np.testing.assert_allclose(slopes(mg.det, singular), [[1, -1], [-1, 1]], rtol=1e-12)
    same(slopes(mg.det, np.zeros((2, 2))), np.zeros((2, 2)))


def test_slogdet() -> None:
    """`slogdet` of a singular matrix"""
    same(mg.slogdet(singular).logabsdet, -inf)
    with pytest.raises(np.linalg.LinAlgError, match="singular matrix"):
        mg.slogdet(mg.Tensor(singular, requires_grad=True)).logabsdet.backward()


def test_pinv() -> None:
    """`pinv` of a matrix of smaller rank"""
    step = 1e-6 * singular  # a matrix of rank 1, too
    along = np.sum(slopes(mg.pinv, singular) * step)
    np.testing.assert_allclose(along, np.sum(np.linalg.pinv(singular + step) - np.linalg.pinv(singular)), rtol=1e-5)


def test_lstsq() -> None:
    """`lstsq` of a matrix that is not of full rank"""
    same(mg.lstsq(singular, [1.0, 0.0]).x, np.linalg.lstsq(singular, [1.0, 0.0])[0])
    with pytest.raises(np.linalg.LinAlgError, match=r"full rank.*no derivative"):
        slopes(lambda a: mg.lstsq(a, [1.0, 0.0]).x, singular)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")
def test_cond() -> None:
    """`cond` of a singular matrix"""
    for p in (None, "fro"):
        same(mg.cond(np.zeros((2, 2)), p), inf)
        assert not np.isfinite(slopes(lambda a, p=p: mg.cond(a, p), np.zeros((2, 2)))).any()


def test_too_few_eigenvectors() -> None:
    """`eig` and `eigvals` of a matrix with too few eigenvectors, to within rounding"""
    for a in (np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[3.0, 1.0], [-1.0, 1.0]])):
        for f in (mg.eigvals, lambda a: mg.eig(a).eigenvectors):
            np.testing.assert_allclose(f(mg.Tensor(a)).data, f(a))
            with pytest.raises(np.linalg.LinAlgError, match="fewer independent eigenvectors"):
                slopes(lambda a, f=f: abs(f(a)), a)


def test_additional_vectors() -> None:
    """the additional vectors of `svd(a, full_matrices=True)`"""
    a = np.random.default_rng(0).normal(size=(4, 2))
    others = np.eye(4) - a @ np.linalg.pinv(a)

    def projection(U: Any) -> Any:
        return U[:, 2:] @ U[:, 2:].T

    by_vectors = slopes(lambda a: mg.sum(projection(mg.svd(a).U) * others.cumsum(0)), a)
    np.testing.assert_allclose(by_vectors, slopes(lambda a: -mg.sum(a @ mg.pinv(a) * others.cumsum(0)), a), atol=1e-12)
    with pytest.raises(ValueError, match="depends on which additional columns of U"):
        slopes(lambda a: mg.svd(a).U[0, 2], a)


def test_values_that_tie() -> None:
    """eigenvalues and singular values that tie"""
    same(slopes(lambda a: mg.sum(mg.eigvalsh(a)), tied), tied)
    same(slopes(lambda a: mg.sum(mg.svdvals(a)), tied), tied)
    _, v = np.linalg.eigh(tied)
    same(slopes(lambda a: mg.eigvalsh(a)[0], tied), np.outer(v[:, 0], v[:, 0]))


@pytest.mark.filterwarnings("ignore:invalid value")
def test_vectors_of_values_that_tie() -> None:
    """eigenvectors and singular vectors of values that tie, to within rounding"""
    q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    for a in (np.eye(3), q @ np.diag([1.0, 1.0, 3.0]) @ q.T, 1e-200 * q @ np.diag([2.0, 2.0, 3.0]) @ q.T):
        assert np.isnan(slopes(lambda a: mg.eigh(a).eigenvectors, a)).all()
        assert np.isnan(slopes(lambda a: mg.svd(a).U, a)).all()
        assert np.isnan(mg.jvp(lambda a: mg.svd(a).Vh, (a,), (np.ones((3, 3)),))[1]).any()


def test_vectors_beside_a_tie() -> None:
    """those of other values beside a tie"""
    a, da = np.diag([1.0, 2.0, 2.0]), np.array([[0.3, 0.1, -0.2], [0.1, 0.7, 0.5], [-0.2, 0.5, 0.9]])
    exact = [0, 0.1 / (1 - 2), -0.2 / (1 - 2)]  # dv = (λI − A)⁺ dA v
    for f in (lambda a: mg.eigh(a).eigenvectors[:, 0], lambda a: mg.svd(a).U[:, 2], lambda a: mg.svd(a).Vh[2]):
        sign = np.sign(f(a)[0])
        np.testing.assert_allclose(mg.jvp(f, (a,), (da,))[1] * sign, exact, atol=1e-14)
        for i in range(3):
            np.testing.assert_allclose(np.sum(slopes(lambda a, f=f, i=i: f(a)[i], a) * da) * sign, exact[i], atol=1e-14)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_functions_of_matrices() -> None:
    """functions of a matrix, V f(λ) Vᵀ, where eigenvalues tie"""

    def function(a: Any) -> Any:
        eigenvalues, vectors = mg.eigh(a)
        return (vectors * mg.exp(eigenvalues)) @ vectors.mT

    for a in (np.diag([1.0, 2.0, 2.0]), np.eye(3)):
        assert np.isnan(slopes(function, a, signal=np.arange(9.0).reshape(3, 3))).all()
        assert np.isnan(mg.jvp(function, (a,), (np.ones((3, 3)),))[1]).any()


def test_fft() -> None:
    """`fft`"""
    x, n = np.array([1.0, 2.0, -1.0, 0.5]), np.arange(4)
    np.testing.assert_allclose(mg.fft(x), np.exp(-2j * np.pi * np.outer(n, n) / 4) @ x, atol=1e-15)
    np.testing.assert_allclose(mg.ifft(mg.fft(x)), x, atol=1e-15)
    np.testing.assert_allclose(slopes(lambda x: mg.real(mg.fft(x))[1], x), np.cos(2 * np.pi * n / 4), atol=1e-15)
    np.testing.assert_allclose(slopes(lambda x: mg.imag(mg.fft(x))[1], x), -np.sin(2 * np.pi * n / 4), atol=1e-15)


def test_complex_signals() -> None:
    """the error signal of a complex z"""
    seen = []
    x = mg.Tensor(2.0, requires_grad=True)
    z = x * (1 + 2j)
    z.register_hook(seen.append)
    mg.real(z * (3 - 1j)).backward()
    same(seen, [3 - 1j])  # dL = Re((3 − j) dz)
    same(x.grad, 5)  # Re((3 − j) (1 + 2j))
