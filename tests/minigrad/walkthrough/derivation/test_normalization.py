"""Derivations of normalizations: in terms of x̂ and σ, which are explained below."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

DRAW = np.random.default_rng(0).normal


def tensor(*shape: int) -> mg.Tensor:
    return mg.Tensor(DRAW(size=shape), requires_grad=True)


def lines(walkthrough: mg.Walkthrough) -> list[str]:
    text = unicodedata.normalize("NFC", str(walkthrough))
    return [" ".join(line.split()) for line in text.split("\n")]


def says(walkthrough: mg.Walkthrough, *starts: str) -> None:
    """Whether lines of a derivation begin like this; and it agrees with finite differences."""
    found = lines(walkthrough)
    for start in starts:
        wanted = unicodedata.normalize("NFC", start)
        assert any(line.startswith(wanted) for line in found), (start, found)
    assert walkthrough.check().endswith("all agree")


def test_layer_norm_has_gamma_inside_the_means() -> None:
    x, gamma, t = tensor(4, 2), tensor(2), DRAW(size=(4, 2))
    y = mg.layer_norm(x, 2, gamma)
    L = mg.mse_loss(y, t)
    says(
        mg.explain(L),
        "y = γᵀ ∘ x̂ =",
        "x̄ = (ȳ ∘ γᵀ − meanⱼ(ȳ ∘ γᵀ) − x̂ ∘ meanⱼ(ȳ ∘ γᵀ ∘ x̂)) / σ_x",
        "where x̂ = (x − meanⱼ(x)) / σ_x",
        "σ_x = √(Varⱼ(x) + 1e−05)",
    )


def test_rms_norm_has_no_mean() -> None:
    x, t = tensor(4, 2), DRAW(size=(4, 2))
    y = mg.rms_norm(x, 2, eps=0.5)
    L = mg.mse_loss(y, t)
    says(mg.explain(L), "x̄ = (ȳ − x̂ ∘ meanⱼ(ȳ ∘ x̂)) / ρ_x =", "where x̂ = x / ρ_x", "ρ_x = √(meanⱼ(x²) + 0.5)")


def test_the_parameters_of_a_layer_are_gamma_and_beta() -> None:
    model = nn.Sequential(conv=nn.Conv2d(1, 2, 2, rng=0, dtype=float), bn=nn.BatchNorm2d(2, dtype=float))
    x, t = DRAW(size=(3, 1, 3, 3)), DRAW(size=(3, 2, 2, 2))
    L = nn.MSELoss()(model(x), t)
    says(
        mg.explain(L),
        "bn = γ⁽²⁾ ∘ ĉonv + β⁽²⁾",
        "γ̄⁽²⁾ = Σₙᵢⱼ (b̄n ∘ ĉonv)ₙₖᵢⱼ",
        "β̄⁽²⁾ = Σₙᵢⱼ b̄nₙₖᵢⱼ",
        "c̄onv = (γ⁽²⁾ / σ_conv) ∘ (b̄n − meanₙᵢⱼ(b̄n) − ĉonv ∘ meanₙᵢⱼ(b̄n ∘",
        "where ĉonv = (conv − meanₙᵢⱼ(conv)) / σ_conv",
    )


def test_what_has_no_name_gets_one() -> None:
    x, t = tensor(4, 2), DRAW(size=(4, 2))
    L = mg.mse_loss(mg.batch_norm(mg.tanh(x) * 2, training=True), t)
    says(mg.explain(L), "v₁ = 2 tanh(x)", "L = mean((v̂₁ − t)²)", "where v̂₁ = (v₁ − meanₙ(v₁)) / σ_v1")


def test_two_normalizations_of_the_same_variable_are_told_apart() -> None:
    x = tensor(4, 2)
    y, z = mg.batch_norm(x, training=True), mg.layer_norm(x, 2)
    L = mg.sum(y * z)
    says(
        mg.explain(L),
        "y = x̂ =",
        "z = x̂₂ =",
        "where x̂ = (x − meanₙ(x)) / σ_x",
        "x̂₂ = (x − meanⱼ(x)) / σ_x2",
        "σ_x2 = √(Varⱼ(x) + 1e−05)",
    )


def test_groups_have_means_of_their_own() -> None:
    x, gamma, beta = tensor(2, 6, 2), tensor(6), tensor(6)
    y = mg.group_norm(x, 3, gamma, beta)
    L = mg.sum(y**3)
    says(
        mg.explain(L),
        "y = γ ∘ x̂ + β",
        "γ̄ = Σₙⱼ (ȳ ∘ x̂)ₙᵢⱼ",
        "β̄ = Σₙⱼ ȳₙᵢⱼ",
        "x̄ = (ȳ ∘ γ − group_mean(ȳ ∘ γ) − x̂ ∘ group_mean(ȳ ∘ γ ∘ x̂)) / σ_x",
        "where x̂ = (x − group_mean(x)) / σ_x",
        "σ_x = √(group_mean((x − group_mean(x))²) + 1e−05)",
    )


def test_a_single_group_and_groups_of_one_channel_have_plain_means() -> None:
    x = tensor(2, 6, 2)
    y, z = mg.group_norm(x, 1), mg.group_norm(x, 6)
    L = mg.sum(y**3 * z)
    says(mg.explain(L), "where x̂ = (x − meanᵢⱼ(x)) / σ_x", "x̂₂ = (x − meanⱼ(x)) / σ_x2")


def test_running_values_with_names() -> None:
    x, gamma, beta, m, v = tensor(4, 2), tensor(2), tensor(2), mg.Tensor([1.0, 2.0]), mg.Tensor([3.0, 4.0])
    y = mg.batch_norm(x, m, v, gamma, beta, eps=0.1)
    L = mg.sum(y**2)
    says(mg.explain(L), "y = (γ / √(v + 0.1))ᵀ ∘ (x − m) + β", "x̄ = ȳ ∘ (γ / √(v + 0.1))ᵀ")


def test_local_response_norm() -> None:
    x = tensor(2, 3, 2)
    y = mg.local_response_norm(x, 3, alpha=1.5)
    L = mg.sum(y**2)
    says(
        mg.explain(L),
        "y = x / d_x^0.75",
        "x̄ = ȳ / d_x^0.75 − ¾ x ∘ local_sum(ȳ ∘ y / d_x)",
        "where d_x = 1 + ½ local_sum(x²)",
    )


@pytest.mark.parametrize(
    ("write", "hat"),
    [
        (lambda walkthrough: walkthrough.latex(), r"\hat{\mathbf{x}}"),
        (lambda walkthrough: walkthrough.markdown(), r"\hat{\mathbf{x}}"),
        (lambda walkthrough: walkthrough.html(), ">x</mi><mo>^</mo></mover>"),
    ],
)
def test_the_hat_in_every_format(write: Any, hat: str) -> None:
    x = tensor(4, 2)
    y = mg.batch_norm(x, training=True)
    L = mg.sum(y**2)
    text = write(mg.explain(L))
    assert hat in text
    assert "where" in text
