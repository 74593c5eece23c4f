"""Eigenvalues of matrices that are not symmetric: their laws, real and complex ones, and where they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient
from tests.samples.matrices import signed_columns

rng = np.random.default_rng(0)
TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def test_their_sum_is_the_trace_and_their_product_the_determinant() -> None:
    for a in rng.normal(size=(4, 3, 3)):
        np.testing.assert_allclose(gradient(lambda a: mg.real(mg.sum(mg.eigvals(a))), a), np.eye(3), atol=1e-12)
        product = gradient(lambda a: mg.real(mg.prod(mg.eigvals(a))), a)
        np.testing.assert_allclose(product, gradient(mg.det, a), atol=1e-12)


def test_a_function_of_a_matrix_by_its_eigenvalues() -> None:
    """V exp(λ) V⁻¹ solves the equation that defines the matrix exponential, whatever lengths and phases V has."""
    a, w = rng.normal(size=(2, 4, 4))

    def exponential(t: Any) -> Any:
        values, vectors = mg.eig(t * a)
        return mg.real((vectors * mg.exp(values)) @ mg.inv(vectors))

    t = Tensor(0.7, requires_grad=True)
    y = exponential(t)
    mg.sum(w * y).backward()
    assert t.grad == pytest.approx(np.sum(w * (a @ y.data)))
    assert mg.jvp(exponential, (0.7,), (1.0,))[1] == pytest.approx(a @ y.data)


def test_real_eigenvalues_are_real_numbers_and_others_complex_as_in_numpy() -> None:
    for a in (np.diag([1.0, 2.0]), TURN, np.stack([np.diag([1.0, 2.0]), TURN]), np.diag([1.0, 2.0]) + 0j):
        for found, expected in zip(mg.eig(Tensor(a)), np.linalg.eig(a), strict=True):
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(found.data, expected)
        assert mg.eigvals(Tensor(a)).dtype == np.linalg.eigvals(a).dtype
        assert mg.eigvals(a).dtype == np.linalg.eigvals(a).dtype


def test_the_error_signal_of_a_real_matrix_is_real() -> None:
    found = gradient(lambda a: mg.sum(mg.imag(mg.eigvals(a)) ** 2), TURN)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[0, 2], [-2, 0]], atol=1e-15)  # λ = ±√(a₀₁ a₁₀)


def test_a_symmetric_matrix_has_the_derivatives_of_eigh() -> None:
    a = np.diag([1.0, 2.0, 4.0]) + 0.1 * (lambda b: b + b.T)(rng.normal(size=(3, 3)))
    d = (lambda b: b + b.T)(rng.normal(size=(3, 3)))
    order = np.argsort(np.linalg.eigvals(a))
    _, ours = mg.jvp(lambda a: signed_columns(mg.eig(a).eigenvectors)[:, order], (a,), (d,))
    _, theirs = mg.jvp(lambda a: signed_columns(mg.eigh(a).eigenvectors), (a,), (d,))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


# ---------------------------------------------------------------- where eigenvalues meet


def test_equal_eigenvalues_with_vectors_of_their_own_have_a_sum() -> None:
    np.testing.assert_allclose(gradient(mg.eigvals, np.eye(3)), np.eye(3))
    for tied in (np.diag([1.0, 1.0, 2.0]), np.eye(3)):
        assert np.isnan(gradient(lambda a: mg.eig(a).eigenvectors[:, 0] ** 2, tied)).any()
    third = gradient(lambda a: mg.eig(a).eigenvectors[:, 2] ** 2, np.diag([1.0, 1.0, 2.0]))
    np.testing.assert_allclose(third, np.zeros((3, 3)), atol=1e-15)


@pytest.mark.parametrize("a", [[[1.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]], [[3.0, 1.0], [-1.0, 1.0]]])
@pytest.mark.parametrize("stacked", [False, True])
def test_too_few_eigenvectors_are_an_error_that_says_so(a: Any, stacked: bool) -> None:
    matrices = np.stack([np.diag([1.0, 2.0]), np.array(a)]) if stacked else np.array(a)
    for f in (mg.eigvals, lambda a: abs(mg.eig(a).eigenvectors)):
        y = f(Tensor(matrices, requires_grad=True))  # the values are there
        with pytest.raises(np.linalg.LinAlgError, match=r"fewer independent eigenvectors than rows.*no derivative"):
            mg.real(mg.sum(y)).backward()
        with pytest.raises(np.linalg.LinAlgError, match="fewer independent eigenvectors"):
            mg.jvp(f, (matrices,), (np.ones_like(matrices),))


def test_not_square() -> None:
    for f in (mg.eig, mg.eigvals):
        with pytest.raises(np.linalg.LinAlgError, match=r"eig: expected square matrices .*, got shape \(2, 3\)"):
            f(Tensor(np.ones((2, 3))))


def test_a_program_of_real_eigenvalues_is_not_used_for_complex_ones() -> None:
    for f in (
        lambda a: mg.sum(mg.real(mg.eigvals(a) ** 2)) + mg.sum(mg.imag(mg.eigvals(a)) ** 2),
        lambda a: mg.sum(mg.real(signed_columns(mg.eig(a).eigenvectors)) * np.arange(4.0).reshape(2, 2)),
    ):
        compiled = mg.compile(mg.grad(f))
        for a in (np.diag([1.0, 2.0]), TURN + np.diag([0.0, 1.0]), np.array([[1.0, 0.1], [0.2, 2.0]])):
            np.testing.assert_allclose(compiled(a), mg.grad(f)(a), atol=1e-14)


def test_a_derivation_has_an_inverse() -> None:
    A = Tensor([[2.0, 1.0], [0.0, 3.0]], requires_grad=True)
    assert "Ā = V(A)⁻ᵀ diag(L̄ at [0]) V(A)ᵀ" in str(mg.explain(mg.eigvals(A)[0]))


def test_the_largest_element_of_each_complex_eigenvector_keeps_its_phase() -> None:
    a = np.random.default_rng(1).normal(size=(4, 4)) + 3 * np.kron(np.eye(2), [[0.0, 1.0], [-1.0, 0.0]])
    vectors = np.linalg.eig(a).eigenvectors
    assert vectors.dtype == complex
    place = np.argmax(abs(vectors), axis=0)[::2], [0, 2]  # one of each pair: the other turns the other way
    turns = mg.grad(lambda a: mg.sum(mg.imag(mg.eig(a).eigenvectors[place] * vectors[place].conj())))(a)
    np.testing.assert_allclose(turns, 0, atol=1e-13)


@pytest.mark.parametrize(("UPLO", "row"), [("L", 0), ("U", -1)])
def test_one_element_of_each_eigenvector_of_a_hermitian_matrix_stays_real(UPLO: str, row: int) -> None:
    rng = np.random.default_rng(2)
    b, c = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))

    def turn(b: Any, c: Any) -> Any:
        return mg.sum(mg.imag(mg.eigh((b + b.T) + 1j * (c - c.T), UPLO).eigenvectors[row]))

    for slope in mg.grad(turn, argnums=(0, 1))(b, c):
        np.testing.assert_allclose(slope, 0, atol=1e-13)


def test_what_no_phase_changes_has_the_same_slope_by_either_triangle() -> None:
    rng = np.random.default_rng(3)
    b, c = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))

    def share(b: Any, c: Any, UPLO: str) -> Any:
        V = mg.eigh((b + b.T) + 1j * (c - c.T), UPLO).eigenvectors
        return mg.sum(mg.real(V[0] * mg.conj(V[1])) * np.arange(3))

    lower, upper = (mg.grad(lambda b, c, UPLO=UPLO: share(b, c, UPLO), argnums=(0, 1))(b, c) for UPLO in "LU")
    np.testing.assert_allclose(lower, upper, atol=1e-12)


def test_of_matrices_without_elements() -> None:
    assert mg.eig(mg.Tensor(np.zeros((2, 0, 0)))).eigenvectors.shape == (2, 0, 0)
    assert mg.eig(np.zeros((2, 0, 0), complex)).eigenvectors.shape == (2, 0, 0)
