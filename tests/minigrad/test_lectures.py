"""The lectures' backward passes, line by line in NumPy, against the sweep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor


def signals_of(loss: Tensor, seed: float = 1.0) -> dict[str, Any]:
    """The error signal of every Tensor that has a name."""
    found: dict[str, Any] = {}

    def note(t: Tensor, t_bar: Any) -> Any:
        if t.name:
            found[t.name] = t_bar
        return t_bar

    sweep(loss, np.float64(seed), visit=note)
    return found


def sigma_prime(z: Any) -> Any:
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def test_univariate_logistic_least_squares_with_l2() -> None:
    """At z = 0 everything can be computed by hand: y = 1/2, σ′(z) = 1/4."""
    w, b = Tensor(2.0, requires_grad=True, name="w"), Tensor(-1.0, requires_grad=True, name="b")
    x, t, lam = 0.5, 1.0, 0.1
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    L = (0.5 * (y - t) ** 2).named("L")
    R = (0.5 * w**2).named("R")
    L_reg = (L + lam * R).named("L_reg")
    assert [float(v) for v in (z, y, L, R, L_reg)] == pytest.approx([0, 0.5, 0.125, 2, 0.325])
    by_hand = {
        "L_reg": 1,
        "R": 0.1,  #                 L̅_reg λ
        "L": 1,  #                   L̅_reg
        "y": -0.5,  #                L̅ (y − t)
        "z": -0.125,  #              y̅ σ′(z)
        "w": -0.0625 + 0.1 * 2,  #   z̅ x + R̅ w: w is used twice
        "b": -0.125,  #              z̅
    }
    assert {name: float(v) for name, v in signals_of(L_reg).items()} == pytest.approx(by_hand)


@pytest.mark.parametrize("at", [0.0, 0.7, -1.3])
def test_multivariate_chain_rule(at: float) -> None:
    """f = y + e^(xy) with x = cos t, y = t²: df/dt = (y e^(xy)) (−sin t) + (1 + x e^(xy)) 2t."""
    t = Tensor(at, requires_grad=True, name="t")
    x, y = mg.cos(t).named("x"), (t**2).named("y")
    f = y + mg.exp(x * y)
    e = np.exp(np.cos(at) * at**2)
    x_bar, y_bar = at**2 * e, 1 + np.cos(at) * e
    assert {name: float(v) for name, v in signals_of(f).items()} == pytest.approx(
        {"x": x_bar, "y": y_bar, "t": x_bar * -np.sin(at) + y_bar * 2 * at}
    )


rng = np.random.default_rng(0)
x, t = rng.normal(size=3), rng.normal(size=2)
P = {"W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=4), "W2": rng.normal(size=(2, 4)), "b2": rng.normal(size=2)}


def perceptron() -> tuple[Tensor, dict[str, Any]]:
    W1, b1, W2, b2 = (Tensor(v, requires_grad=True, name=k) for k, v in P.items())
    z = (W1 @ x + b1).named("z")
    h = mg.sigmoid(z).named("h")
    y = (W2 @ h + b2).named("y")
    return 0.5 * ((t - y) ** 2).sum(), {"z": z.data, "h": h.data, "y": y.data}


def test_the_vectorised_perceptron() -> None:
    loss, v = perceptron()
    y_bar = v["y"] - t
    h_bar = P["W2"].T @ y_bar
    z_bar = h_bar * sigma_prime(v["z"])
    lecture = {
        "y": y_bar,
        "W2": np.outer(y_bar, v["h"]),  # y̅ hᵀ
        "b2": y_bar,
        "h": h_bar,  #                    W⁽²⁾ᵀ y̅
        "z": z_bar,  #                    h̅ ∘ σ′(z)
        "W1": np.outer(z_bar, x),  #      z̅ xᵀ
        "b1": z_bar,
    }
    found = signals_of(loss)
    assert found.keys() == lecture.keys()
    for name, expected in lecture.items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-12, err_msg=name)


def test_the_perceptron_with_indices() -> None:
    """The same written with sums over k, i and j: the vectorised form is only shorter."""
    loss, v = perceptron()
    found = signals_of(loss)
    for i in range(4):
        h_i = sum(found["y"][k] * P["W2"][k, i] for k in range(2))
        assert found["h"][i] == pytest.approx(h_i)
        assert found["z"][i] == pytest.approx(h_i * sigma_prime(v["z"][i]))
        for j in range(3):
            assert found["W1"][i, j] == pytest.approx(found["z"][i] * x[j])
        for k in range(2):
            assert found["W2"][k, i] == pytest.approx(found["y"][k] * v["h"][i])


def test_a_batch_is_the_sum_of_its_samples() -> None:
    X, T = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    W = Tensor(P["W1"], requires_grad=True), Tensor(P["W2"], requires_grad=True)
    (0.5 * ((mg.sigmoid(X @ W[0].T) @ W[1].T - T) ** 2).sum()).backward()
    together = [w.grad for w in W]
    for w in W:
        w.zero_grad()
    for one, target in zip(X, T, strict=True):
        (0.5 * ((W[1] @ mg.sigmoid(W[0] @ one) - target) ** 2).sum()).backward()
    for w, expected in zip(W, together, strict=True):
        np.testing.assert_allclose(w.grad, expected, rtol=1e-12)


def test_multiclass_logistic_regression() -> None:
    """z = W x + b, y = softmax(z), L = −Σ t log y: z̄ = y − t."""
    W, b = Tensor(P["W1"], requires_grad=True, name="W"), Tensor(P["b1"], requires_grad=True, name="b")
    label = np.eye(4)[2]
    for written_out in (True, False):
        z = (W @ x + b).named("z")
        loss = -(label * mg.log(mg.softmax(z))).sum() if written_out else mg.cross_entropy(z, 2)
        y = np.exp(z.data) / np.exp(z.data).sum()
        expected = {"z": y - label, "W": np.outer(y - label, x), "b": y - label}
        signals = signals_of(loss)
        assert signals.keys() == expected.keys()
        for name, found in signals.items():
            np.testing.assert_allclose(found, expected[name], rtol=1e-10, err_msg=name)


def test_xor_can_be_learned() -> None:
    """The lecture's first network: two hidden units of ReLU, mean squared error over the four points."""
    points, answers = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    w1, c = Tensor([[1.1, 0.9], [0.9, 1.2]], requires_grad=True), Tensor([0.1, -0.9], requires_grad=True)
    w2, b = Tensor([0.9, -1.8], requires_grad=True), Tensor(0.1, requires_grad=True)
    for _ in range(400):
        loss = ((mg.relu(points @ w1 + c) @ w2 + b - answers) ** 2).mean()
        loss.backward()
        for p in (w1, c, w2, b):
            p.data = p.data - 0.1 * p.grad
            p.zero_grad()
    assert float(loss) < 1e-4
