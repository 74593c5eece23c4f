"""Losses of distributions: targets of 0, logarithms as targets, counts, and variances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import minigrad as mg

rng = np.random.default_rng(0)
P, Q = rng.dirichlet(np.ones(4), size=(2, 3))


def test_the_divergence_is_that_of_the_textbook() -> None:
    expected = np.sum(P * np.log(P / Q), axis=1)
    assert mg.kl_div(np.log(Q), P, "batchmean") == pytest.approx(expected.mean())
    assert mg.kl_div(np.log(Q), np.log(P), "batchmean", log_target=True) == pytest.approx(expected.mean())
    assert mg.kl_div(np.log(Q), P) == pytest.approx(expected.sum() / 12)
    assert mg.kl_div(np.log(P), P, "sum") == pytest.approx(0, abs=1e-15)
    assert mg.kl_div(np.log(0.5), 0.25, "batchmean") == pytest.approx(-0.25 * np.log(2))
    mg.check_grads(lambda y, t: mg.kl_div(y, t, "batchmean", log_target=True), np.log(Q), np.log(P), order=2)


def test_a_target_of_0_adds_nothing() -> None:
    y, t = np.array([-np.inf, np.log(0.5), -1.0]), np.array([0.0, 1.0, 0.0])
    terms = mg.kl_div(y, t, "none")
    np.testing.assert_allclose(terms, [0, np.log(2), 0])
    assert not np.signbit(terms).any()  # nor is it shown as -0
    np.testing.assert_array_equal(mg.grad(lambda y: mg.kl_div(y, t, "sum"))(y), -t)
    with pytest.warns(RuntimeWarning, match="divide by zero"):  # t log t has an infinite slope there
        assert mg.grad(lambda t: mg.kl_div(y[2:], t, "sum"))(t[2:]) == -np.inf


def test_many_terms_in_float16() -> None:
    y, t = np.full((1000, 200), -8.0, np.float16), np.ones((1000, 200), np.float16)
    assert mg.kl_div(y, t, "batchmean") == 1600


def test_counts() -> None:
    t = np.array([0.0, 1.0, 2.0, 30.0])
    y = np.array([0.5, 1.0, 2.0, 29.0])
    exact = y - t * np.log(y) + [math.lgamma(n + 1) for n in t]
    found = mg.poisson_nll_loss(y, t, "none", log_input=False, full=True)
    np.testing.assert_allclose(found, exact, atol=0.05)  # Stirling's approximation
    np.testing.assert_allclose(found[3], exact[3], rtol=2e-3)
    without = mg.poisson_nll_loss(np.log(y), t, "none")
    np.testing.assert_allclose(without, y - t * np.log(y))
    mg.check_grads(lambda t: mg.poisson_nll_loss(y, t, log_input=False, full=True), [0.3, 0.7, 2.0, 30.0], order=2)


def test_variances() -> None:
    y, t = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.5, 2.0], [2.0, 4.0]])
    for var in (np.array([[0.5, 1.0], [2.0, 4.0]]), np.array([[0.5], [2.0]]), np.array([0.5, 2.0]), np.array(2.0)):
        v = var[:, None] if var.shape == (2,) else var
        expected = (np.log(v) + (y - t) ** 2 / v) / 2
        np.testing.assert_allclose(mg.gaussian_nll_loss(y, t, var, "none"), expected)
        full = mg.gaussian_nll_loss(y, t, var, "none", full=True)
        np.testing.assert_allclose(full, expected + np.log(2 * np.pi) / 2)
    slope = mg.grad(lambda v: mg.gaussian_nll_loss(y, t, v, "sum", eps=0.5))
    np.testing.assert_array_equal(slope(np.array([0.0, 0.25])), slope(np.array([0.5, 0.5])))
    np.testing.assert_array_equal(slope(np.array([0.0, 2.0])), slope(np.array([0.5, 2.0])))


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 4)])
def test_one_variance_for_each_sample_of_several_axes(shape: tuple[int, ...]) -> None:
    y, t, var = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4)), rng.uniform(1, 2, shape)
    v = var[..., None] if var.ndim == 2 else var
    np.testing.assert_allclose(mg.gaussian_nll_loss(y, t, var, "none"), (np.log(v) + (y - t) ** 2 / v) / 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mg.kl_div(np.log(Q), P, "average"), 'kl_div: reduction is "mean", "sum", "none" or "batchmean"'),
        (lambda: mg.kl_div(np.log(Q), np.log(P)), "targets are probabilities, got -.*log_target=True"),
        (lambda: mg.kl_div(Q, np.log(P)), r"the log-probabilities come first: kl_div\(y, target\)"),
        (lambda: mg.kl_div([0.0, 1.0], [-0.7, -0.7]), r"the log-probabilities come first"),
        (lambda: mg.kl_div([-0.7, -0.7], [-0.1, 1.1]), r"targets are probabilities, got -0.1$"),
        (lambda: mg.kl_div(np.log(Q), P - 0.5), r"targets are probabilities, got -[\d.]+$"),
        (lambda: mg.kl_div(np.log(Q), P[0]), "kl_div: output has shape"),
        (lambda: mg.kl_div(np.log(Q), 1j * P), "kl_div: takes real numbers only"),
        (lambda: mg.gaussian_nll_loss(Q, P, P[0]), r"var has shape \(4,\), expected that of the outputs, \(3, 4\)"),
        (lambda: mg.gaussian_nll_loss(Q, P, -P), "variances, which are not negative, got -"),
        (lambda: mg.gaussian_nll_loss(Q, P, P, eps=0), "eps is 0, expected a positive number"),
        (lambda: mg.poisson_nll_loss(Q, P, eps="a"), "poisson_nll_loss: eps is 'a'"),
    ],
)
def test_what_is_refused(call: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        call()


def test_the_derivation_can_be_read() -> None:
    y, t = mg.Tensor([-1.0, -2.0], requires_grad=True), np.array([0.25, 0.75])
    L = mg.kl_div(y, t, "sum")
    shown = str(mg.explain(L))
    assert "L = Σ t ∘ (log t − y)" in shown
    assert "ȳ = −L̄ t" in shown
