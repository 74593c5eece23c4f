"""Decompositions of degenerate matrices, of all outputs at once, and what has no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.gradient import gradient

rng = np.random.default_rng(0)


# ---------------------------------------------------------------- symmetric matrices


def test_equal_eigenvalues_have_a_gradient() -> None:
    for f in (np.linalg.eigvalsh, lambda a: np.linalg.eigh(a).eigenvalues, mg.svdvals,
              lambda a: np.linalg.svd(a).S, lambda a: np.linalg.svd(a, compute_uv=False)):  # fmt: skip
        np.testing.assert_allclose(gradient(f, np.eye(3)), np.eye(3), atol=1e-15)


def test_single_eigenvectors_of_equal_eigenvalues_have_none() -> None:
    with np.errstate(invalid="ignore"):
        assert not np.any(np.isfinite(gradient(lambda a: np.linalg.eigh(a)[1][:, 0], np.eye(2))))


def test_the_error_signal_of_a_symmetric_matrix_is_symmetric() -> None:
    b = rng.normal(size=(3, 3))
    a = b @ b.T + np.eye(3)
    for f in (mg.cholesky, lambda x: mg.cholesky(x, upper=True), mg.eigvalsh, lambda x: mg.eigh(x, "U")[1]):
        found = gradient(lambda x, f=f: f(x) * np.arange(3.0), a)
        np.testing.assert_allclose(found, found.T)


def test_one_triangle_is_read() -> None:
    a = np.array([[2.0, 5.0], [1.0, 3.0]])
    for uplo in "LUlu":
        found = np.linalg.eigh(Tensor(a), UPLO=uplo)
        expected = np.linalg.eigh(a, UPLO=uplo)
        np.testing.assert_allclose(found.eigenvalues.data, expected.eigenvalues)
        np.testing.assert_allclose(abs(found.eigenvectors.data), abs(expected.eigenvectors))
        np.testing.assert_allclose(np.linalg.eigvalsh(Tensor(a), uplo).data, expected.eigenvalues)
    with pytest.raises(ValueError, match="got UPLO='x', expected 'L' or 'U'"):
        mg.eigh(a, "x")


def test_a_function_of_a_symmetric_matrix_by_its_eigenvalues() -> None:
    """The matrix exponential V diag(eᵛ) Vᵀ solves the equation that defines it: d/dt e^(At) = A e^(At)."""
    b = rng.normal(size=(3, 3))
    a, t = (b + b.T) / 2, Tensor(0.7, requires_grad=True)
    values, vectors = np.linalg.eigh(t * a)
    exponential = (vectors * np.exp(values)) @ vectors.T
    weights = rng.normal(size=(3, 3))
    (exponential * weights).sum().backward()
    assert t.grad == pytest.approx(np.sum(weights * (a @ exponential.data)))


# ---------------------------------------------------------------- matrices of any shape


def test_all_outputs_together() -> None:
    """A loss of all outputs at once, and its second derivatives."""
    a = rng.normal(size=(3, 2)) + np.array([[3, 0], [0, 1], [0, 0]])
    mg.check_grads(lambda x: (lambda u, s, vt: (u**2 @ s) * (vt[0] ** 2 @ s))(*mg.svd(x, full_matrices=False)), a)
    mg.check_grads(lambda x: (lambda q, r: q @ np.tanh(r))(*np.linalg.qr(x)), a)
    mg.check_grads(lambda x: (lambda q, r: q @ np.tanh(r))(*np.linalg.qr(x.T)), a)
    mg.check_grads(lambda x: (lambda w, v: v * np.sin(w) @ v.T)(*np.linalg.eigh(x @ x.T + np.diag([0.0, 2, 5]))), a)


def test_wide_triangular_factors_have_zeros_below() -> None:
    a = rng.normal(size=(2, 4))
    R = np.linalg.qr(Tensor(a)).R
    np.testing.assert_allclose(R.data, np.linalg.qr(a).R)
    assert R.data[1, 0] == 0


def test_lists_are_matrices() -> None:
    np.testing.assert_allclose(mg.eigh([[2, 0], [0, 1]]).eigenvalues, [1, 2])


def test_a_derivation_names_the_other_outputs() -> None:
    A = Tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
    assert "Ā = V(A) (F(λ(A)) ∘ (V(A)ᵀ" in str(mg.explain(mg.eigh(A).eigenvectors[0, 0]))


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda: mg.cholesky(Tensor(-np.eye(2))), "cholesky: .*not positive definite.*all eigenvalues"),
        (lambda: mg.svdvals(Tensor(np.full((2, 2), np.nan))), "svd: .*NaN"),
        (lambda: mg.svd([[np.nan, 1.0], [1.0, 1.0]]), r"svd: .*\(2, 2\).*NaN"),
        (lambda: mg.svd(Tensor(np.ones(2))), "svd: expected matrices"),
        (lambda: mg.qr([1.0, 2.0]), "qr: expected matrices"),
    ],
)
def test_linalg_errors_say_what_to_try(f: Any, message: str) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=message):
        f()


def test_what_is_not_determined_has_no_derivative() -> None:
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ValueError, match="'complete' has no derivative"):
        np.linalg.qr(x, mode="complete")


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_a_vector_whose_phase_is_free_keeps_its_length(triangle: Any) -> None:
    """Where the element that LAPACK makes real is 0: its sign, 0, is no phase."""
    a = np.diag([1.0, 2.0, 3.0]) + 0j
    vectors = np.linalg.eigh(mg.Tensor(a), triangle)[1]
    np.testing.assert_array_equal(vectors.data, np.linalg.eigh(a, triangle)[1])

    def length(s: Any) -> Any:
        return np.sum(np.abs(np.linalg.eigh(a + s * np.array([[0, 1j, 2], [-1j, 0, 1], [2, 1, 0]]), triangle)[1]) ** 2)

    assert mg.grad(length)(0.0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 2)])
def test_stacks_of_complex_matrices_are_decomposed_one_by_one(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    parts, weights = rng.normal(size=(2, 4, *shape)), rng.normal(size=(2, min(shape)))

    def loss(real: Any) -> Any:
        U, s, Vh = np.linalg.svd(real + 1j * parts[1, : real.shape[0]], full_matrices=False)
        return np.sum(np.real(U @ (weights[0] * s * weights[1])[..., None]) ** 2) + np.sum(np.imag(Vh) ** 2)

    stacked = mg.grad(loss)(parts[0])
    alone = mg.grad(loss)(parts[0, :1])
    np.testing.assert_allclose(stacked[:1], alone, rtol=1e-10)
    mg.check_grads(loss, parts[0])
