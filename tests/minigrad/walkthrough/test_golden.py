"""What the lecture's derivations print, exactly.

After a change that is meant: python -m tests.helpers.walkthrough.golden, then read the diff.
"""

import unicodedata

import numpy as np
import pytest

from tests.helpers.walkthrough.golden import FOLDER, texts
from tests.helpers.walkthrough.lecture_graphs import DERIVATIONS, logistic, mlp_scalar, mlp_vectorised

_TEXTS = dict(texts())


@pytest.mark.parametrize("name", _TEXTS)
def test_the_derivation_reads_as_the_golden_file(name):
    assert _TEXTS[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == set(_TEXTS)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda f: f.__name__)
def test_every_line_agrees_with_its_formula_and_with_finite_differences(derivation):
    walkthrough = derivation()
    said = walkthrough.check()
    assert said.startswith(f"{len(walkthrough.forward) + len(walkthrough.backward)} lines recomputed")
    assert said.endswith("all agree")
    assert "\n" not in said


@pytest.mark.parametrize("name", [name for name in _TEXTS if name.endswith(".txt")])
def test_lines_fit_a_terminal(name):
    lines = _TEXTS[name].splitlines()
    assert max(sum(not unicodedata.combining(c) for c in line) for line in lines) <= 80
    assert all(line == line.rstrip() for line in lines)


# ---------------------------------------------------------------- the slides, word for word


def formulas(walkthrough):
    return [f"{step.variable} = {step.formula}" for step in walkthrough.backward]


def test_the_slide_of_the_regularised_regression():
    slide = ["L̄_reg = 1", "R̄ = L̄_reg λ", "L̄ = L̄_reg", "ȳ = L̄ (y − t)", "z̄ = ȳ σ′(z)", "w̄ = z̄ x + R̄ w", "b̄ = z̄"]
    assert formulas(logistic()) == [unicodedata.normalize("NFC", line) for line in slide]
    lines = [line.split("&&")[0].rstrip(" \\") for line in logistic().latex().splitlines()]
    for line in (
        r"\overline{\mathcal{L}_{\text{reg}}} &= 1",
        r"\bar{\mathcal{R}} &= \overline{\mathcal{L}_{\text{reg}}} \lambda",
        r"\bar{\mathcal{L}} &= \overline{\mathcal{L}_{\text{reg}}}",
        r"\bar{y} &= \bar{\mathcal{L}} (y - t)",
        r"\bar{z} &= \bar{y} \sigma'(z)",
        r"\bar{w} &= \bar{z} \frac{\partial z}{\partial w} + \bar{\mathcal{R}} \frac{d\mathcal{R}}{dw}",
        r" &= \bar{z} x + \bar{\mathcal{R}} w",
        r"\bar{b} &= \bar{z}",
    ):
        assert line in lines


def test_the_slide_of_the_vectorised_perceptron():
    slide = [
        *("L̄ = 1", "ȳ = L̄ (y − t)", "W̄⁽²⁾ = ȳ hᵀ", "b̄⁽²⁾ = ȳ", "h̄ = W⁽²⁾ᵀ ȳ"),
        *("z̄ = h̄ ∘ σ′(z)", "W̄⁽¹⁾ = z̄ xᵀ", "b̄⁽¹⁾ = z̄"),
    ]
    assert formulas(mlp_vectorised()) == [unicodedata.normalize("NFC", line) for line in slide]
    forward = {step.variable: step.formula for step in mlp_vectorised().forward}
    assert forward == {"z": "W⁽¹⁾ x + b⁽¹⁾", "h": "σ(z)", "y": "W⁽²⁾ h + b⁽²⁾", "L": "½ ‖t − y‖²"}
    assert r"\overline{\mathbf{W}^{(2)}} &= \bar{\mathbf{y}} \mathbf{h}^{\top}" in mlp_vectorised().latex()
    assert r"\bar{\mathbf{h}} &= \mathbf{W}^{(2)\top} \bar{\mathbf{y}}" in mlp_vectorised().latex()


def test_the_slide_of_the_perceptron_in_numbers():
    lines = formulas(mlp_scalar())
    for line in ("ȳ₁ = L̄ (y₁ − t₁)", "w̄₂₁⁽²⁾ = ȳ₂ h₁", "b̄₂⁽²⁾ = ȳ₂", "h̄₁ = ȳ₁ w₁₁⁽²⁾ + ȳ₂ w₂₁⁽²⁾", "z̄₂ = h̄₂ σ′(z₂)",
                 "w̄₁₂⁽¹⁾ = z̄₁ x₂", "b̄₁⁽¹⁾ = z̄₁"):  # fmt: skip
        assert unicodedata.normalize("NFC", line) in lines


def test_the_numbers_of_the_vectorised_perceptron_are_those_of_numpy():
    x, t = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    W1, b1 = np.array([[0.5, -1.0], [1.0, 0.25], [0.0, -0.5]]), np.array([0.0, 0.5, 1.0])
    W2, b2 = np.array([[1.0, -1.0, 0.5], [0.5, 2.0, -1.0]]), np.array([0.1, -0.1])
    h = 1 / (1 + np.exp(-(W1 @ x + b1)))
    y_bar = W2 @ h + b2 - t
    z_bar = W2.T @ y_bar * h * (1 - h)
    expected = {"W2": np.outer(y_bar, h), "b2": y_bar, "W1": np.outer(z_bar, x), "b1": z_bar, "z": z_bar}
    shown = {step.target: step.value for step in mlp_vectorised().backward}
    for name, value in expected.items():
        np.testing.assert_allclose(shown[name], value, rtol=1e-12)
