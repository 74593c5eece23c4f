"""Polynomials: NumPy's values, derivatives that are polynomials again, and least squares."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.tensor import Tensor

coefficients = st.lists(st.floats(-3, 3), min_size=1, max_size=6).map(lambda p: np.array(p, float))


@given(coefficients, st.lists(st.floats(-2, 2), min_size=1, max_size=4).map(np.array))
def test_values_and_derivatives_of_polynomials(p: Any, x: Any) -> None:
    t = Tensor(x, requires_grad=True)
    y = np.polyval(p, t)
    np.testing.assert_allclose(y.data, np.polyval(p, x), rtol=1e-12, atol=1e-12)
    y.sum().backward()
    np.testing.assert_allclose(t.grad, np.polyval(np.polyder(np.poly1d(p)), x), rtol=1e-9, atol=1e-9)
    powers, q = np.vander(x, len(p)), Tensor(p, requires_grad=True)
    np.testing.assert_allclose(np.vander(Tensor(x), len(p)).data, powers, rtol=1e-12)
    np.polyval(q, x).sum().backward()
    np.testing.assert_allclose(q.grad, powers.sum(axis=0), rtol=1e-12, atol=1e-12)


def test_a_fit_is_numpys() -> None:
    rng = np.random.default_rng(0)
    x, y, w = np.sort(rng.normal(size=9)), rng.normal(size=9), rng.uniform(1, 2, 9)
    for given_y, deg, params in [
        (y, 2, {}),
        (np.stack([y, x], 1), 3, {}),
        (y, 1, {"w": w}),
        (np.stack([y, x], 1), 0, {"w": w}),
    ]:
        found = np.polyfit(x, Tensor(given_y), deg, **params)
        np.testing.assert_allclose(found.data, np.polyfit(x, given_y, deg, **params), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mg.polyfit([0, 1, 2], [1, 3, 5], 1), [2, 1])
    assert mg.polyfit(np.arange(3, dtype=np.float32), np.ones(3, np.float32), 1).dtype == np.float32


def test_the_gradient_of_a_fit_solves_the_normal_equations() -> None:
    x = np.array([0.0, 1.0, 2.0, 4.0])
    V = np.vander(x, 3)
    y = Tensor([1.0, -1.0, 0.5, 2.0], requires_grad=True)
    mg.polyfit(x, y, 2)[0].backward()
    np.testing.assert_allclose(y.grad, np.linalg.solve(V.T @ V, V.T)[0], rtol=1e-9)
    mg.check_grads(lambda x: mg.polyfit(x, np.array([1.0, -1.0, 0.5, 2.0]), 2), x, order=2)


def test_points_that_do_not_determine_the_polynomial_warn_as_in_numpy() -> None:
    with pytest.warns(RuntimeWarning, match="polyfit: the 3 points do not determine a polynomial of degree 2"):
        found = mg.polyfit([1.0, 1.0, 2.0], [1.0, 2.0, 3.0], 2)
    with pytest.warns(np.exceptions.RankWarning):
        np.testing.assert_allclose(found, np.polyfit([1.0, 1.0, 2.0], [1.0, 2.0, 3.0], 2), rtol=1e-9)


@pytest.mark.parametrize("deg", [1, 2, 4])
def test_which_singular_values_count_as_0_is_as_in_numpy(deg: int) -> None:
    x = np.random.default_rng(0).normal(size=9)
    V = np.vander(x, deg + 1)
    singular = np.linalg.svd(V / np.linalg.norm(V, axis=0), compute_uv=False)
    limit = singular[-1] / singular[0]
    for rcond, warns in [(0.999 * limit, False), (1.001 * limit, True)]:
        for polyfit in (np.polyfit, mg.polyfit):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                polyfit(x, x, deg, rcond=rcond)
            assert bool(caught) is warns, (polyfit, rcond)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: mg.polyval([[1.0]], 2.0), ValueError, r"^polyval: got coefficients of shape \(1, 1\)"),
        (lambda: mg.vander([[1.0]]), ValueError, r"^vander: got shape \(1, 1\)"),
        (lambda: mg.polyfit([1.0, 2.0], [1.0], 1), ValueError, r"^polyfit: got positions of shape \(2,\)"),
        (lambda: mg.polyfit([], [], 1), ValueError, "M ≥ 1"),
        (lambda: mg.polyfit([1.0], [[[1.0]]], 0), ValueError, r"values of shape \(1, 1, 1\)"),
        (lambda: mg.polyfit([1.0], [1.0], 0, w=[1.0, 2.0]), ValueError, r"weights of shape \(2,\)"),
        (lambda: mg.polyfit([1.0], [1.0], -1), ValueError, "^polyfit: got deg=-1"),
        (lambda: mg.polyfit([1.0], [1.0], 0, w=[1j]), TypeError, "^polyfit: takes real numbers only"),
        (lambda: np.polyfit(Tensor([1.0, 2.0]), [1.0, 2.0], 1, full=True), TypeError, "np.polyfit does not take full="),
    ],
)
def test_errors(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


# ---------------------------------------------------------------- arithmetic and roots
@pytest.mark.parametrize("f", [np.polyadd, np.polysub, np.polymul, np.polydiv], ids=lambda f: f.__name__)
def test_arithmetic_is_numpys(f: Any) -> None:
    long, short = np.array([1.5, -0.3, 2.0, 0.7]), np.array([0.4, -2.0])
    for p, q in [(long, short), (short, long), (long, long), ([0.0, 0.0, 2.0, 1.0], short), (1j * long, short)]:
        ours, theirs = f(Tensor(p), q), f(p, q)
        for a, b in zip(ours, theirs, strict=True) if f is np.polydiv else [(ours, theirs)]:
            np.testing.assert_allclose(getattr(a, "data", a), b, rtol=1e-12, atol=1e-12, strict=True)
    for p, q in [(np.zeros(2), short), ([3, 2, 1], [1, 2])]:
        ours, theirs = f(Tensor(p), q), f(p, q)
        for a, b in zip(ours, theirs, strict=True) if f is np.polydiv else [(ours, theirs)]:
            np.testing.assert_array_equal(getattr(a, "data", a), b)


def test_zeros_in_front_of_products_and_remainders() -> None:
    p, q = [0.0, 2.0, 1.0], [0.0, 0.0, 3.0]
    np.testing.assert_array_equal(np.polymul(Tensor(p), q).data, np.polymul(p, q), strict=True)
    # x³ + x + 5 is x times x² + 1, and 5 is left; divided by 2, nothing is
    for u, v in [([1.0, 0.0, 1.0, 5.0], [1.0, 0.0, 1.0]), ([3.0, 5.0], [2.0])]:
        for ours, theirs in zip(np.polydiv(Tensor(u), v), np.polydiv(u, v), strict=True):
            np.testing.assert_array_equal(ours.data, theirs, strict=True)


def test_a_coefficient_that_is_0_gets_its_error_signal() -> None:
    p = Tensor([0.0, 1.0, 2.0], requires_grad=True)
    np.polymul(p, [5.0, 7.0]).backward([1.0, 10.0, 100.0])  # the coefficients of x², x and 1
    np.testing.assert_array_equal(p.grad, [7, 5 + 70, 50 + 700])
    u = Tensor([1.0, 3.0, 2.0], requires_grad=True)  # (x + 1)(x + 2)
    np.polydiv(u, [1.0, 1.0])[1].backward([1.0])  # the remainder is the value at −1
    np.testing.assert_array_equal(u.grad, [1, -1, 1])
    q = Tensor([0.0, 1.0, -1.0], requires_grad=True)  # ε x² + x − 1 is 0 at 1 − ε + …
    np.roots(q).sum().backward()
    np.testing.assert_allclose(q.grad, [-1, -1, -1], rtol=1e-12)
    at_0 = Tensor([2.0, -6.0, 0.0], requires_grad=True)
    np.roots(at_0).backward([0.0, 1.0])  # 2 x² − 6 x + ε is 0 at ε / 6
    np.testing.assert_allclose(at_0.grad, [0, 0, 1 / 6], atol=1e-15)


def test_roots_and_coefficients_undo_each_other() -> None:
    x = np.array([3.0, -1.2, 0.4, 1.1])
    mg.check_grads(lambda x: mg.sort(np.roots(np.poly(x))), x, order=2)
    np.testing.assert_allclose(mg.jacobian(lambda x: mg.sort(mg.roots(mg.poly(x))))(np.sort(x)), np.eye(4), atol=1e-9)
    pairs = Tensor([1 + 2j, 1 - 2j, 3])
    assert np.poly(pairs).dtype == np.float64
    np.testing.assert_array_equal(np.poly(pairs).data, np.poly(pairs.data))
    np.testing.assert_array_equal(mg.poly(np.zeros(0)), [1])
    np.testing.assert_array_equal(mg.poly([1, 2, 3]), np.poly([1, 2, 3]))
    np.testing.assert_array_equal(mg.poly([[5.0]]), np.poly([[5.0]]))
    A = np.array([[2.0, 1.0], [0.5, 3.0]])
    mg.check_grads(lambda A: np.poly(A), A, order=2)
    np.testing.assert_allclose(np.poly(Tensor(A)).data, [1, -5, 5.5], rtol=1e-12)


def test_complex_roots_of_real_coefficients() -> None:
    p = np.array([1.0, 0.4, 2.0, -1.0])
    mg.check_grads(lambda p: mg.sum(mg.real(np.roots(p) ** 3) + mg.imag(np.roots(p)) ** 2), p, order=2)


def test_slopes_and_integrals_undo_each_other() -> None:
    p = np.array([1.5, -0.3, 2.0, 0.7])
    x = Tensor(p, requires_grad=True)
    for m in (0, 1, 3):
        np.testing.assert_allclose(np.polyder(np.polyint(x, m, 2.0), m).data, p, rtol=1e-12)
        np.testing.assert_allclose(np.polyint(x, m).data, np.polyint(p, m), rtol=1e-12)
    np.testing.assert_array_equal(np.polyder(Tensor([3, 2, 1])), np.polyder([3, 2, 1]))
    assert np.polyder(x, 5).shape == (0,)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x: mg.polyadd(x[None], x),
            ValueError,
            r"polyadd: got coefficients of shape \(1, 3\)",
        ),
        (lambda x: mg.roots(x[None]), ValueError, r"roots: got coefficients of shape \(1, 3\)"),
        (
            lambda x: mg.polydiv(x, [0.0, 1.0]),
            ValueError,
            r"begins with 0, expected another number; mg\.trim_zeros\(v, 'f'\)",
        ),
        (lambda x: mg.polyder(x, -1), ValueError, "polyder: got m=-1, expected 0 or more"),
        (lambda x: mg.polyint(x, -1, 5.0), ValueError, "polyint: got m=-1, expected 0 or more"),
        (lambda x: mg.polyint(x, 3, [1.0, 2.0]), ValueError, "polyint: got 2 constants, expected one or 3"),
        (lambda x: mg.poly(np.ones((0, 0))), ValueError, r"poly: got shape \(0, 0\)"),
        (lambda x: mg.poly(np.ones((2, 3))), ValueError, r"poly: got shape \(2, 3\), expected a vector of roots, or"),
    ],
)
def test_errors_of_arithmetic(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(Tensor([1.0, 2.0, 3.0]))
