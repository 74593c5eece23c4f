"""Formulas as text: brackets where they are needed and nowhere else."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.notation import Named, number, write, write_numbers

w, x, y, z = (Named.symbol(name, value) for name, value in (("w", 0.5), ("x", 2.0), ("y", -3.0), ("z", 1e6)))
a, b, c = (Named.symbol(name, np.ones(3)) for name in "abc")
M, N = Named.symbol("M", np.ones((3, 3))), Named.symbol("N", np.ones((3, 3)))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (x * (y + z), "x (y + z)"),
        ((x + y) * (y - z), "(x + y) (y − z)"),
        (x + y * z, "x + y z"),
        (x - (y + z), "x − y − z"),
        (-(x + y), "−(x + y)"),
        (x + -(y + z), "x − (y + z)"),
        (-x * y, "−x y"),
        (x * -2.0, "−2 x"),
        (x + -2.0, "x − 2"),
        (-2.0 + x, "−2 + x"),
        (0.5 * x, "½ x"),
        (-0.5 * x, "−½ x"),
        (0.25 * x + 0.75 * y, "¼ x + ¾ y"),
        (x**2, "x²"),
        (x**-2, "x⁻²"),
        (x**10, "x¹⁰"),
        (x**0.5, "x^0.5"),
        (x**-0.5, "x^(−0.5)"),
        ((x + y) ** 2, "(x + y)²"),
        ((x * y) ** 2, "(x y)²"),
        ((-x) ** 2, "(−x)²"),
        (-(x**2), "−x²"),
        ((x**2) ** 3, "(x²)³"),
        (x ** (y + 1.0), "x^(y + 1)"),
        (x ** (y**2), "x^(y²)"),
        (2.0**x, "2^x"),
        ((-2.0) ** Named.symbol("n", 2.0), "(−2)^n"),
        (x / y, "x / y"),
        (x / y * z, "(x / y) z"),
        (z * (x / y), "z (x / y)"),
        (x * y / z, "x y / z"),
        (x / (y * z), "x / (y z)"),
        (x / (y / z), "x / (y / z)"),
        (x / y / z, "x / y / z"),
        ((x + y) / z, "(x + y) / z"),
        (x / (y + z), "x / (y + z)"),
        (x / -y, "x / (−y)"),
        (2.0 * x / y, "2 x / y"),
        (-x / y, "−x / y"),
        (0.5 * x / 3.0 * 2.0, "x / 3"),
        (0.3 / x, "0.3 / x"),
        (-0.3 / x, "−0.3 / x"),
        ((x / y) ** 2, "(x / y)²"),
        (x / y**2, "x / y²"),
        (x + y / z, "x + y / z"),
        (x - y / z, "x − y / z"),
        (a * b, "a ∘ b"),
        (x * a, "x a"),
        (x * a * b, "x a ∘ b"),
        (M @ a, "M a"),
        (M @ N @ a, "M N a"),
        (M @ (a + b), "M (a + b)"),
        ((M + N) @ a, "(M + N) a"),
        ((M + N).T @ a, "(M + N)ᵀ a"),
        ((M @ N).T, "Nᵀ Mᵀ"),
        ((M * N) @ a, "(M ∘ N) a"),
        ((M / N) @ a, "(M / N) a"),
        ((2.0 * M) @ a, "2 M a"),
        ((-M) @ a, "(−M) a"),
        (M @ (N * 2.0), "M (2 N)"),
        ((M @ a) * b, "(M a) ∘ b"),
        (np.exp(x + y) * z, "e^(x + y) z"),
        (a * (b > 0), "a ∘ [b > 0]"),
        (np.expand_dims(a * b, -1) @ np.expand_dims(c, 0), "(a ∘ b) cᵀ"),
        (np.expand_dims(a, -1) @ np.expand_dims(np.broadcast_to(x, (3,)), 0), "a (x 𝟏ᵀ)"),
        (np.log(M) @ N, "(log M) N"),
        (np.log(x) / y, "(log x) / y"),
        (x * np.log(x) / y, "(x log x) / y"),
        ((M @ N) / M, "(M N) / M"),
        (M * a, "M ∘ aᵀ"),
        (1.00001 * x, "1.00001 x"),
        (1234567.0 * x, "1234567 x"),
        (x * np.True_, "x"),
        (mg.where(np.False_, x, y), "y"),
        (mg.mean(M, axis=1), "meanⱼ(M)"),
        (mg.mean(M), "mean(M)"),
        (mg.softmax(M), "softmax(M)"),
        (mg.softmax(M, axis=0), "softmaxₙ(M)"),
        (np.sqrt(mg.sum(a**2)), "‖a‖"),
        (2.0 * (x / (2.0 * y)), "x / y"),
        (Named.symbol("w1_12", 2.0) ** 2, "(w₁₂⁽¹⁾)²"),
        (mg.sum(Named.symbol("X_1", np.ones((2, 3))), axis=0), "Σₙ (X₁)ₙ"),
    ],
)
def test_brackets(made, text):
    assert write(made.expression) == text


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (w * x, "0.5 · 2"),
        (x + y, "2 + (−3)"),
        (x - y, "2 − (−3)"),
        (y * x, "−3 · 2"),
        (x * y, "2 · (−3)"),
        (-y, "−(−3)"),
        (0.5 * y, "½ · (−3)"),
        (y**2, "(−3)²"),
        (-(x**2), "−2²"),
        (x**y, "2⁻³"),
        (x / y, "2 / (−3)"),
        (y * x + x * y, "−3 · 2 + 2 · (−3)"),
        (x + y * x, "2 + (−3 · 2)"),
        (z * x, "1e+06 · 2"),
        (z**2, "(1e+06)²"),
        (x / z, "2 / 1e+06"),
    ],
)
def test_numbers_in_place_of_names(made, text):
    assert write_numbers(made.expression) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-0.10508, "−0.1051"),
        (1e-5, "1e−05"),
        (-0.0, "0"),
        (np.float32(0.25), "0.25"),
        (float("inf"), "inf"),
    ],
)
def test_number(value, text):
    assert number(value) == text
