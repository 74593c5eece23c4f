"""The additional vectors of full_matrices=True: the space that they span has a derivative, their basis none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)
SHAPES = pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 2), (2, 3), (2, 4, 1), (2, 1, 3), (1, 2, 4, 2)])


def adjoint(z: Any) -> Any:
    return np.conj(np.swapaxes(z, -1, -2))


def additional(a: Any) -> Any:
    U, S, Vh = mg.svd(a)
    return U[..., S.shape[-1] :] if a.shape[-2] > a.shape[-1] else adjoint(Vh[..., S.shape[-1] :, :])


@SHAPES
def test_values_are_those_of_numpy(shape: Any) -> None:
    for a in (rng.normal(size=shape), rng.normal(size=shape) + 1j * rng.normal(size=shape)):
        for found, expected in zip(mg.svd(Tensor(a)), np.linalg.svd(a), strict=True):
            np.testing.assert_allclose(found.data, expected, rtol=1e-14, atol=1e-15)


@SHAPES
def test_the_space_that_they_span_has_a_derivative(shape: Any) -> None:
    """It is the projection 1 − A A⁺, whose derivative is that of the pseudo-inverse."""
    real, imaginary = rng.normal(size=(2, *shape))

    def by_vectors(re: Any, im: Any) -> Any:
        others = additional(re + 1j * im)
        return others @ adjoint(others)

    def by_inverse(re: Any, im: Any) -> Any:
        a = re + 1j * im
        reached = a @ mg.pinv(a) if shape[-2] > shape[-1] else mg.pinv(a) @ a
        return np.eye(reached.shape[-1]) - reached

    weights = rng.normal(size=by_vectors(real, imaginary).shape) * (1 + 0.5j)
    found, expected = (
        mg.grad(lambda re, im, f=f: mg.real(mg.sum(weights * f(re, im))), (0, 1))(real, imaginary)
        for f in (by_vectors, by_inverse)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    directions = rng.normal(size=(2, *shape))
    np.testing.assert_allclose(
        mg.jvp(by_vectors, (real, imaginary), tuple(directions))[1],
        mg.jvp(by_inverse, (real, imaginary), tuple(directions))[1],
        rtol=1e-9,
        atol=1e-12,
    )
    mg.check_grads(lambda re: mg.real(mg.sum(weights * by_vectors(re, imaginary))), real, order=2)


def test_equal_singular_values_do_not_matter_to_it() -> None:
    a, w = np.eye(3, 2), rng.normal(size=(3, 3))
    found = mg.grad(lambda a: mg.sum(w * (additional(a) @ additional(a).T)))(a)
    expected = mg.grad(lambda a: -mg.sum(w * (a @ mg.pinv(a))))(a)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_single_one_has_a_derivative_up_to_its_sign() -> None:
    """Of two vectors in space it is their cross product, divided by its length."""
    a, w = rng.normal(size=(3, 2)), rng.normal(size=3)
    normal = additional(a)[:, 0]

    def by_cross(a: Any) -> Any:
        n = mg.cross(a[:, 0], a[:, 1])
        n = n / mg.norm(n)
        return n * np.sign(np.asarray(mg.stop_gradient(n)) @ normal)

    found = mg.grad(lambda a: mg.sum(w * additional(a)[:, 0]))(a)
    np.testing.assert_allclose(found, mg.grad(lambda a: mg.sum(w * by_cross(a)))(a), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("complex_part", [0, 1j])
def test_what_depends_on_their_basis_is_refused(complex_part: complex) -> None:
    a = rng.normal(size=(4, 2)) + complex_part * rng.normal(size=(4, 2))
    for f, which in (
        (lambda s: mg.svd(s * a).U[0, 2], "columns of U"),
        (lambda s: mg.sum(mg.svd(s * a).U * np.arange(16.0).reshape(4, 4)), "columns of U"),
        (lambda s: mg.svd(s * a.T).Vh[3, 0], "rows of Vh"),
        (lambda s: mg.svd(s * np.stack([a, a])).U[1, 0, 3], "columns of U"),
    ):
        with pytest.raises(ValueError, match=f"depends on which additional {which} were computed.*U₂ U₂ᵀ"):
            mg.grad(lambda s, f=f: mg.real(f(s)))(1.0)
    assert np.isfinite(mg.grad(lambda s: mg.sum(abs(mg.svd(s * a).U[:, :2]) ** 2 * np.arange(8.0).reshape(4, 2)))(1.0))


def test_a_phase_is_a_basis_too() -> None:
    a = rng.normal(size=(2, 1)) + 1j * rng.normal(size=(2, 1))
    with pytest.raises(ValueError, match="depends on which additional"):
        mg.grad(lambda s: mg.imag(mg.svd(s * a).U[0, 1]))(1.0)
    assert mg.grad(lambda s: abs(mg.svd(s * a).U[0, 1]))(1.0) == pytest.approx(0, abs=1e-14)


def test_a_matrix_whose_rank_is_too_small_has_no_such_space() -> None:
    a = np.outer([1.0, 2.0, 3.0], [1.0, 1.0])
    assert not np.isfinite(mg.grad(lambda a: mg.sum((additional(a) @ additional(a).T)[0]))(a)).any()


def test_a_program_refuses_it_too() -> None:
    a = rng.normal(size=(4, 2))
    function = mg.compile(mg.grad(lambda a, w: mg.sum(mg.svd(a).U * w)))
    first = np.concatenate([np.ones((4, 2)), np.zeros((4, 2))], axis=1)
    np.testing.assert_allclose(function(a, first), mg.grad(lambda a: mg.sum(mg.svd(a).U * first))(a))
    with pytest.raises(ValueError, match="depends on which additional"):
        function(a, np.arange(16.0).reshape(4, 4))


def test_one_matrix_of_a_stack_may_use_what_has_no_slope_in_another() -> None:
    rng = np.random.default_rng(4)
    a, weights = rng.normal(size=(3, 2)), rng.normal(size=(3, 3))
    stack = np.stack([np.outer([1.0, 2.0, 2.0], [3.0, 4.0]), a])  # the first has a singular value of 0

    def projection(U: Any) -> Any:
        return mg.sum(U[:, 2:] @ U[:, 2:].T * weights)

    slopes = mg.grad(lambda stack: projection(mg.svd(stack).U[1]))(stack)
    np.testing.assert_array_equal(slopes[0], 0)
    np.testing.assert_allclose(slopes[1], mg.grad(lambda a: projection(mg.svd(a).U))(a), rtol=1e-12)


@pytest.mark.parametrize("shape", [(1, 2, 4, 2), (1, 2, 2, 4), (3, 4, 2), (3, 2, 4)])
def test_the_vectors_of_a_stack_turn_as_those_of_each_matrix(shape: Any) -> None:
    parts, directions = rng.normal(size=(2, 2, *shape))

    def turning(parts: Any, directions: Any) -> list[Any]:
        def first(re: Any, im: Any) -> Any:
            U, S, Vh = mg.svd(re + 1j * im)
            return U[..., : S.shape[-1]], S, Vh[..., : S.shape[-1], :]

        return mg.jvp(first, tuple(parts), tuple(directions))[1]

    for place in np.ndindex(shape[:-2]):
        alone = turning([part[place] for part in parts], [direction[place] for direction in directions])
        for found, expected in zip(turning(parts, directions), alone, strict=True):
            np.testing.assert_allclose(found[place], expected, rtol=1e-10, atol=1e-13)


def test_a_vector_has_no_decomposition() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="svd"):
        mg.svd(np.ones(3))
