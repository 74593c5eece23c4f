"""Losses of binary decisions: certainty, far logits, weights, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

rng = np.random.default_rng(0)
Z, T = rng.normal(size=(2, 3)), np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
Y = 1 / (1 + np.exp(-Z))


def with_slopes(f: Any, y: Any, t: Any, **how: Any) -> tuple[Any, Any]:
    return f(y, t, "none", **how), mg.grad(lambda y: f(y, t, "sum", **how))(y)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_logarithms_are_at_least_minus_100(dtype: Any) -> None:
    y, t = np.array([0, 0, 1, 1], dtype), np.array([1, 0, 0, 1], dtype)
    losses = mg.binary_cross_entropy(y, t, "none")
    np.testing.assert_array_equal(losses, [100, 0, 100, 0])
    assert losses.dtype == dtype
    assert not np.signbit(losses).any()


def test_slopes_at_certainty_are_pytorchs() -> None:
    _, slopes = with_slopes(mg.binary_cross_entropy, np.array([0.0, 0, 1, 1, 1e-13]), np.array([1.0, 0, 0, 1, 0]))
    np.testing.assert_allclose(slopes, [-1e12, 0, 1e12, 0, 0.1])
    _, slopes = with_slopes(mg.binary_cross_entropy, np.zeros(2, np.float16), np.array([0, 1], np.float16))
    assert slopes[0] == 0
    assert slopes[1] == pytest.approx(-32768, rel=0.01)


def test_targets_can_be_learned_beside_certainty() -> None:
    """t̄ = log(1 − y) − log y, of at least −100 each."""
    y = np.array([0.0, 1.0, 0.25, 1e-50])
    t_bar = mg.grad(lambda t: mg.binary_cross_entropy(y, t, "sum"))(np.full(4, 0.5))
    np.testing.assert_allclose(t_bar, [100, -100, np.log(3), 100])
    again = mg.grad(lambda y: mg.sum(mg.grad(lambda t: mg.binary_cross_entropy(y, t, "sum"))(np.full(4, 0.5))))(y)
    np.testing.assert_allclose(again, [-1, -1, -4 - 4 / 3, -1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_logits_neither_overflow_nor_cancel(dtype: Any) -> None:
    z = np.array([1000, -1000, 1000, -1000, 40, -40], dtype)
    t = np.array([1, 1, 0, 0, 1, 0], dtype)
    expected = np.array([0, 1000, 1000, 0, np.exp(-40), np.exp(-40)])
    for how in ({}, {"pos_weight": 1.0}):
        losses, z_bar = with_slopes(mg.binary_cross_entropy_with_logits, z, t, **how)
        np.testing.assert_allclose(losses, expected, rtol=1e-6)
        np.testing.assert_allclose(z_bar, [0, -1, 1, 0, 0, 0], atol=1e-16)
        assert losses.dtype == z_bar.dtype == dtype


def test_the_error_signal_is_that_of_the_lecture() -> None:
    losses, z_bar = with_slopes(mg.binary_cross_entropy_with_logits, Z, T)
    np.testing.assert_allclose(losses, mg.binary_cross_entropy(Y, T, "none"))
    np.testing.assert_allclose(z_bar, Y - T)
    z, t = mg.Tensor([0.2, -0.5], requires_grad=True), np.array([1.0, 0.0])
    L = mg.binary_cross_entropy_with_logits(z, t)
    shown = str(mg.explain(L))
    assert "L = mean(−(t ∘ log(σ(z)) + (1 − t) ∘ log(1 − σ(z))))" in shown
    assert "z̄ = (L̄ / 2) (σ(z) − t)" in shown
    y = mg.Tensor([0.2, 0.5], requires_grad=True)
    L = mg.binary_cross_entropy(y, t)
    shown = str(mg.explain(L))
    assert "L = mean(−(t ∘ log y + (1 − t) ∘ log(1 − y)))" in shown
    assert "ȳ = (L̄ / 2) (y − t) / (y ∘ (1 − y))" in shown


@pytest.mark.parametrize("weight", [2.0, [1.0, 2.0, 3.0], [[1.0], [2.0]], rng.uniform(1, 2, size=(2, 3))])
def test_weights(weight: Any) -> None:
    expected = np.asarray(weight) * mg.binary_cross_entropy(Y, T, "none")
    assert mg.binary_cross_entropy(Y, T, weight=weight) == pytest.approx(expected.mean())
    assert mg.binary_cross_entropy_with_logits(Z, T, weight=weight) == pytest.approx(expected.mean())
    factor = np.where(T == 1, np.broadcast_to(weight, T.shape), 1)
    positives = mg.binary_cross_entropy_with_logits(Z, T, "none", pos_weight=weight)
    np.testing.assert_allclose(positives, factor * mg.binary_cross_entropy(Y, T, "none"))
    mg.check_grads(lambda z, p: mg.binary_cross_entropy_with_logits(z, T, pos_weight=p), Z, weight, order=2)


@pytest.mark.parametrize("target", [T.astype(int), T.astype(bool), T.astype(np.float64), T.astype(int).tolist()])
@pytest.mark.parametrize("f", [mg.binary_cross_entropy, mg.binary_cross_entropy_with_logits])
def test_whole_numbers_are_targets_and_do_not_widen_float32(f: Any, target: Any) -> None:
    y = mg.Tensor(Y, dtype=np.float32)
    for how in ({}, {"weight": np.ones(3)}, {"weight": mg.Tensor(np.ones(3))}):
        assert f(y, target, **how).dtype == np.float32
    assert float(f(y, target)) == pytest.approx(float(f(Y, T)), rel=1e-6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mg.binary_cross_entropy(Z, T), r"outputs are probabilities from 0 to 1, got -.*_with_logits"),
        (lambda: mg.binary_cross_entropy(Y, 2 * T), r"targets are from 0 to 1, got 0 … 2$"),
        (lambda: mg.binary_cross_entropy(Y, 2 * T - 1), r"for -1 and 1, write \(target \+ 1\) / 2"),
        (lambda: mg.binary_cross_entropy(T.astype(int), Y), r"the outputs come first: binary_cross_entropy\(y, target"),
        (lambda: mg.binary_cross_entropy_with_logits(T, Z), "the outputs come first"),
        (lambda: mg.binary_cross_entropy_with_logits(Z, Z), "targets are from 0 to 1"),
        (lambda: mg.binary_cross_entropy_with_logits(Z[:, :1], T[:, 0]), r"target\.reshape\(\(2, 1\)\)"),
        (lambda: mg.binary_cross_entropy(Y, T, weight=np.ones((2, 2))), r"weight has shape \(2, 2\), but the outputs"),
        (lambda: mg.binary_cross_entropy(Y, T, weight=np.ones((1, 2, 3))), "it must broadcast to theirs"),
        (lambda: mg.binary_cross_entropy_with_logits(Z, T, pos_weight=[1.0, 2.0]), "pos_weight has shape"),
        (lambda: mg.binary_cross_entropy(Y + 1, T), "outputs are probabilities from 0 to 1, got 1.* … 1"),
        (lambda: mg.binary_cross_entropy(Y + 0j, T), "real numbers only"),
        (lambda: mg.binary_cross_entropy(Y, T, weight=1j), "real numbers only"),
    ],
)
def test_what_is_refused(call: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^binary_cross_entropy(_with_logits)?: .*{said}"):
        call()


def test_a_perfect_prediction_of_whole_numbers_is_not_refused() -> None:
    assert mg.binary_cross_entropy(T.astype(int), T) == 0
    assert np.isnan(mg.binary_cross_entropy([np.nan, 0.5], [1.0, 0.0]))
