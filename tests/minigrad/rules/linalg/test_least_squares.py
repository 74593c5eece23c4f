"""Least squares: what NumPy returns, laws of the solution, and matrices that are not of full rank."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((3, 2), (3,)),
        ((3, 2), (3, 2)),
        ((2, 3), (2,)),
        ((2, 2), (2, 1)),
        ((3, 0), (3,)),
        ((0, 2), (0,)),
        ((3, 2), (3, 0)),
    ],
)
@pytest.mark.parametrize("dtype", [float, np.float32, complex])
def test_results_are_those_of_numpy(a: Any, b: Any, dtype: Any) -> None:
    matrix, right = (rng.normal(size=s).astype(dtype) * (1 + 0.5j if dtype is complex else 1) for s in (a, b))
    expected = np.linalg.lstsq(matrix, right, rcond=None)
    for given in ((Tensor(matrix), Tensor(right)), (matrix, right), (matrix, Tensor(right))):
        found = np.linalg.lstsq(*given) if isinstance(given[1], Tensor) else mg.lstsq(*given)
        assert found._fields == ("x", "residuals", "rank", "s")
        for ours, theirs in zip(found, expected, strict=True):
            ours = getattr(ours, "data", ours) if isinstance(ours, Tensor) else ours
            assert np.shape(ours) == np.shape(theirs)
            assert np.asarray(ours).dtype.kind == np.asarray(theirs).dtype.kind
            np.testing.assert_allclose(ours, theirs, rtol=1e-4 if dtype is np.float32 else 1e-10, atol=1e-6)


def test_what_is_left_is_at_right_angles_to_the_columns() -> None:
    a, b, da = rng.normal(size=(5, 2)), rng.normal(size=5), rng.normal(size=(5, 2))
    x, x_dot = mg.jvp(lambda a: mg.lstsq(a, b).x, (a,), (da,))
    np.testing.assert_allclose(a.T @ (b - a @ x), 0, atol=1e-12)
    np.testing.assert_allclose(da.T @ (b - a @ x) - a.T @ (da @ x + a @ x_dot), 0, atol=1e-12)


def test_all_results_have_derivatives() -> None:
    a, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    for f in (
        lambda a, b: (lambda r: mg.sum(r.x**2) + mg.sum(mg.sin(r.residuals)) + mg.sum(r.s**3))(mg.lstsq(a, b)),
        lambda a, b: mg.sum(mg.lstsq(a.T, b[:2]).x ** 3) + mg.sum(mg.lstsq(a.T, b[:2]).s),
    ):
        mg.check_grads(f, a, b, order=2)


def test_the_solution_is_that_of_the_pseudo_inverse() -> None:
    for shape in ((4, 2), (2, 4)):
        a, b, w = rng.normal(size=shape), rng.normal(size=shape[0]), rng.normal(size=shape[1])
        found = mg.grad(lambda a, b, w=w: mg.sum(w * mg.lstsq(a, b).x), (0, 1))(a, b)
        expected = mg.grad(lambda a, b, w=w: mg.sum(w * (mg.pinv(a) @ b)), (0, 1))(a, b)
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- the rank


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 2)])
def test_without_full_rank_there_is_no_derivative_of_the_matrix(shape: Any) -> None:
    a, b = np.ones(shape), np.arange(float(shape[0]))
    np.testing.assert_allclose(mg.lstsq(Tensor(a), b).x.data, np.linalg.lstsq(a, b)[0])
    message = rf"^lstsq: the matrix of shape \({shape[0]}, {shape[1]}\) has rank 1.* full rank, 2, .*no derivative"
    with pytest.raises(np.linalg.LinAlgError, match=message):
        mg.grad(lambda a: mg.sum(mg.lstsq(a, b).x))(a)
    with pytest.raises(np.linalg.LinAlgError, match=message):
        mg.jvp(lambda a: mg.lstsq(a, b).x, (a,), (a,))
    slope = mg.grad(lambda b: mg.sum(mg.lstsq(a, b).x))(b)  # it is linear in b
    np.testing.assert_allclose(slope, np.linalg.pinv(a).sum(axis=0))


def test_the_program_of_a_matrix_of_full_rank_is_not_used_for_others() -> None:
    for shape in ((3, 2), (2, 2)):
        function = mg.compile(mg.grad(lambda a, b: mg.sum(mg.lstsq(a, b).x)))
        a, b = rng.normal(size=shape), np.ones(shape[0])
        np.testing.assert_allclose(function(a, b), mg.grad(lambda a, b=b: mg.sum(mg.lstsq(a, b).x))(a))
        with pytest.raises(np.linalg.LinAlgError, match="has rank 1"):
            function(np.ones(shape), b)


@pytest.mark.parametrize("rcond", [None, -1, 1e-3, 0.5])
def test_singular_values_below_the_cutoff_count_as_0(rcond: Any) -> None:
    a, b = np.array([[1.0, 0.0], [0.0, 0.1], [0.0, 0.0]]), np.ones(3)
    found, expected = mg.lstsq(Tensor(a), b, rcond), np.linalg.lstsq(a, b, rcond)
    assert found.rank == expected[2]
    np.testing.assert_allclose(found.x.data, expected[0])
    np.testing.assert_allclose(found.residuals.data, expected[1])
    if rcond == 0.5:
        with pytest.raises(np.linalg.LinAlgError, match="has rank 1"):
            mg.grad(lambda a: mg.sum(mg.lstsq(a, b, rcond).x))(a)
    else:
        mg.check_grads(lambda a, b: mg.lstsq(a, b, rcond).x, a, b)


def test_shapes_that_do_not_fit() -> None:
    for a, b in (((3, 2), (2,)), ((2, 3, 2), (3,)), ((3, 2), (3, 1, 1)), ((3,), (3,)), ((3, 2), ())):
        with pytest.raises(np.linalg.LinAlgError, match=r"^lstsq: A has shape .* and b .*expected one matrix"):
            mg.lstsq(Tensor(np.ones(a)), np.ones(b))


def test_a_derivation_names_the_pseudo_inverse() -> None:
    A, b = Tensor([[1.0], [2.0]], requires_grad=True), Tensor([1.0, 1.0], requires_grad=True)
    text = str(mg.explain(mg.sum(mg.lstsq(A, b).x)))
    assert "A⁺ b" in text
    assert "A⁺ᵀ" in text or "(A⁺)ᵀ" in text
