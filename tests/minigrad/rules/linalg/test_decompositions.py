"""Inverses, determinants and decompositions where they are special: singular, degenerate, empty, refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.kernels.linalg import decompositions as kernels

rng = np.random.default_rng(0)


def gradient(f: Any, a: Any) -> Any:
    x = Tensor(a, requires_grad=True)
    f(x).sum().backward()
    return x.grad


def cofactors(a: Any) -> Any:
    """By deleting a row and a column."""
    n = len(a)
    minors = [[np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) for j in range(n)] for i in range(n)]
    return np.array(minors).reshape(n, n) * (-1.0) ** np.add.outer(np.arange(n), np.arange(n))


# ---------------------------------------------------------------- determinants


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
    with pytest.raises(ValueError, match="'L' or 'U'; got 'x'"):
        mg.eigh(a, "x")


# ---------------------------------------------------------------- several outputs


@pytest.mark.parametrize(
    ("f", "kernel", "fields"),
    [
        (np.linalg.eigh, "eigh", ("eigenvalues", "eigenvectors")),
        (lambda a: np.linalg.svd(a, full_matrices=False), "svd", ("U", "S", "Vh")),
        (np.linalg.qr, "qr", ("Q", "R")),
        (np.linalg.slogdet, "slogdet", ("sign", "logabsdet")),
    ],
)
def test_several_outputs_take_one_forward_pass_and_none_backward(
    f: Any, kernel: str, fields: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    owner = getattr(mg.rules.decompositions, f"_{kernel}")
    forward = owner.forward
    monkeypatch.setattr(owner, "forward", lambda x: (calls.append(1), forward(x))[1])
    a = rng.normal(size=(3, 3))
    x = Tensor(a + a.T, requires_grad=True)
    result = f(x)
    assert result._fields == fields == f(a)._fields
    loss = sum((part**2).sum() for part in result)
    loss.backward(retain_graph=True)
    assert len(calls) == 1
    for part, expected in zip(f(x.data), f(np.array(x.data)), strict=True):
        np.testing.assert_array_equal(part, expected)
    with mg.no_grad():
        assert not any(part.requires_grad for part in f(x))


def test_all_outputs_together() -> None:
    """A loss of all outputs at once, and its second derivatives."""
    a = rng.normal(size=(3, 2)) + np.array([[3, 0], [0, 1], [0, 0]])
    mg.check_grads(lambda x: (lambda u, s, vt: (u**2 @ s) * (vt[0] ** 2 @ s))(*mg.svd(x, full_matrices=False)), a)
    mg.check_grads(lambda x: (lambda q, r: q @ np.tanh(r))(*np.linalg.qr(x)), a)
    mg.check_grads(lambda x: (lambda q, r: q @ np.tanh(r))(*np.linalg.qr(x.T)), a)
    mg.check_grads(lambda x: (lambda w, v: v * np.sin(w) @ v.T)(*np.linalg.eigh(x @ x.T + np.diag([0.0, 2, 5]))), a)


def test_a_function_of_a_symmetric_matrix_by_its_eigenvalues() -> None:
    """The matrix exponential V diag(eᵛ) Vᵀ solves the equation that defines it: d/dt e^(At) = A e^(At)."""
    b = rng.normal(size=(3, 3))
    a, t = (b + b.T) / 2, Tensor(0.7, requires_grad=True)
    values, vectors = np.linalg.eigh(t * a)
    exponential = (vectors * np.exp(values)) @ vectors.T
    weights = rng.normal(size=(3, 3))
    (exponential * weights).sum().backward()
    assert t.grad == pytest.approx(np.sum(weights * (a @ exponential.data)))


def test_pinv_of_constant_rank() -> None:
    """A matrix of rank 2 that stays of rank 2: its factors are what varies."""
    left, right = rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    mg.check_grads(lambda b, c: mg.pinv(b @ c, rcond=1e-6), left, right, order=2, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(np.linalg.pinv(Tensor(left), rtol=1e-3).data, np.linalg.pinv(left))
    with pytest.raises(ValueError, match="two names for the same"):
        mg.pinv(left, 1e-3, rtol=1e-3)


def test_small_singular_values_count_as_0() -> None:
    np.testing.assert_allclose(mg.pinv(np.diag([1.0, 1e-14, 1e-17])), np.diag([1, 1e14, 0]))
    for how in ({"rcond": 1e-13}, {"rtol": 1e-13}):
        np.testing.assert_allclose(mg.pinv(np.diag([1.0, 1e-14, 1e-12]), **how), np.diag([1, 0, 1e12]))


def test_a_derivation_names_the_other_outputs() -> None:
    A = Tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
    L = mg.eigh(A).eigenvectors[0, 0]
    assert "Ā = V(A) (F(λ(A)) ∘ (V(A)ᵀ" in str(mg.explain(L))
    L = mg.slogdet(A).logabsdet
    assert "Ā = L̄ A⁻ᵀ" in str(mg.explain(L))


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda: mg.inv(Tensor(np.ones((2, 2)))), r"inv: singular matrix \(shape \(2, 2\)\); .*pinv"),
        (lambda: mg.inv(np.ones((2, 3))), r"inv: expected square matrices \(…, M, M\), got shape \(2, 3\)"),
        (lambda: mg.det(1.0), "det: expected square"),
        (lambda: np.linalg.solve(Tensor(np.zeros((2, 2))), [1.0, 2.0]), "solve: singular matrix .*pinv"),
        (lambda: mg.solve(np.eye(2), np.ones(3)), r"expected b of 2 rows, \(2,\) or \(…, 2, K\)"),
        (lambda: mg.solve(np.eye(2), 1.0), "expected b of 2 rows"),
        (lambda: mg.solve(np.ones((2, 3, 3)), np.ones((3, 3, 1))), r"\(2,\) does not broadcast with \(3,\)"),
        (lambda: mg.cholesky(Tensor(-np.eye(2))), "cholesky: .*not positive definite.*all eigenvalues"),
        (lambda: mg.svdvals(Tensor(np.full((2, 2), np.nan))), "svd: .*NaN"),
        (lambda: mg.svd([[np.nan, 1.0], [1.0, 1.0]]), r"svd: .*\(2, 2\).*NaN"),
        (lambda: mg.svd(Tensor(np.ones(2))), "svd: expected matrices"),
        (lambda: mg.qr([1.0, 2.0]), "qr: expected matrices"),
        (lambda: gradient(lambda a: mg.slogdet(a).logabsdet, np.zeros((2, 2))), "inv: singular matrix"),
    ],
)
def test_linalg_errors_say_what_to_try(f: Any, said: str) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=said):
        f()


def test_what_is_not_determined_has_no_derivative() -> None:
    x = Tensor(np.ones((2, 3)))
    for matrices in (x, np.ones((2, 2, 3))):
        with pytest.raises(ValueError, match="full_matrices=False"):
            mg.svd(matrices)
    with pytest.raises(ValueError, match="'complete' has no derivative"):
        np.linalg.qr(x, mode="complete")


# ---------------------------------------------------------------- stacks, lists, empty ones


def test_stacks_are_done_matrix_by_matrix() -> None:
    stack = rng.normal(size=(2, 3, 3)) + 3 * np.eye(3)
    for f in (mg.inv, mg.det, mg.pinv, mg.svdvals, lambda a: mg.eigvalsh(a @ a.mT), lambda a: mg.qr(a).R):
        one_by_one = [gradient(f, a) for a in stack]
        np.testing.assert_allclose(gradient(f, stack), one_by_one, rtol=1e-10, atol=1e-13)


def test_lists_are_matrices() -> None:
    np.testing.assert_allclose(mg.inv([[2, 0], [0, 4]]), [[0.5, 0], [0, 0.25]])
    np.testing.assert_allclose(mg.eigh([[2, 0], [0, 1]]).eigenvalues, [1, 2])
    np.testing.assert_allclose(mg.solve(Tensor(np.eye(2)), [1, 2]).data, [1, 2])


@pytest.mark.parametrize("shape", [(0, 0), (0, 2, 2), (2, 0, 0)])
def test_empty_ones(shape: Any) -> None:
    for f in (mg.inv, mg.det, mg.cholesky, mg.eigvalsh, mg.svdvals, lambda a: mg.solve(a, np.zeros((*shape[:-1], 1)))):
        assert gradient(f, np.zeros(shape)).shape == shape


def test_wide_triangular_factors_have_zeros_below() -> None:
    a = rng.normal(size=(2, 4))
    R = np.linalg.qr(Tensor(a)).R
    np.testing.assert_allclose(R.data, np.linalg.qr(a).R)
    assert R.data[1, 0] == 0


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
    for name in ("inv", "det", "cofactor", "slogdet", "eigh", "svd", "qr", "lower_half"):
        getattr(kernels, name)(a)
