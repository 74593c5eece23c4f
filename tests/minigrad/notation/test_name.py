"""Greek letters, bars, and how wide a name is."""

import sys
import unicodedata

import pytest

import minigrad as mg
from minigrad.notation import Name, bar, pretty
from minigrad.notation.name import variables_of, width


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("lam", "λ"), ("lambda_", "λ"), ("lam_2", "λ₂"), ("sigma", "σ"), ("alpha_in", "αᵢₙ")),
        *(("W1", "W₁"), ("L_reg", "L_reg"), ("lamp", "lamp"), ("x_", "x_")),
    ],
)
def test_pretty(name, text):
    assert pretty(name) == text


@pytest.mark.parametrize("name", ["w", "y", "conv1", "L_reg", "λ", "loss"])
def test_one_bar_takes_no_column(name):
    barred = bar(name)
    assert barred == unicodedata.normalize("NFC", barred)
    assert width(barred) == width(name) == len(name)
    assert unicodedata.normalize("NFD", barred).count("\N{COMBINING MACRON}") == 1
    assert unicodedata.normalize("NFD", barred).replace("\N{COMBINING MACRON}", "") == name


@pytest.mark.parametrize(
    ("source", "ndim", "text", "barred", "latex", "python"),
    [
        ("W1", 2, "W⁽¹⁾", "W̄⁽¹⁾", r"\overline{\mathbf{W}^{(1)}}", "W1_bar"),
        ("b2", 1, "b⁽²⁾", "b̄⁽²⁾", r"\overline{\mathbf{b}^{(2)}}", "b2_bar"),
        ("z1", 0, "z₁", "z̄₁", r"\overline{z_{1}}", "z1_bar"),
        ("w1_12", 0, "w₁₂⁽¹⁾", "w̄₁₂⁽¹⁾", r"\overline{w_{12}^{(1)}}", "w1_12_bar"),
        ("W^(12)", 2, "W⁽¹²⁾", "W̄⁽¹²⁾", r"\overline{\mathbf{W}^{(12)}}", "W_12_bar"),
        ("theta_0", 0, "θ₀", "θ̄₀", r"\overline{\theta_{0}}", "theta_0_bar"),
        ("lam", 0, "λ", "λ̄", r"\bar{\lambda}", "lam_bar"),
        ("theta", 1, "θ", "θ̄", r"\bar{\boldsymbol{\theta}}", "theta_bar"),
        ("L", 0, "L", "L̄", r"\bar{\mathcal{L}}", "L_bar"),
        ("L", 2, "L", "L̄", r"\bar{\mathbf{L}}", "L_bar"),
        ("loss", 0, "loss", "l̄oss", r"\overline{\mathit{loss}}", "loss_bar"),
        ("conv1", 4, "conv1", "c̄onv1", r"\overline{\mathbf{conv1}}", "conv1_bar"),
        ("x_min", 1, "xₘᵢₙ", "x̄ₘᵢₙ", r"\overline{\mathbf{x}_{\text{min}}}", "x_min_bar"),
        ("lambda", 0, "λ", "λ̄", r"\bar{\lambda}", "lambda_bar"),
        ("1st", 0, "1st", "1s̄t", r"\overline{\mathit{1st}}", "_1st_bar"),
    ],
)
def test_every_way_to_write_a_name(source, ndim, text, barred, latex, python):
    name = Name.parse(source, ndim)
    assert name.text == text
    assert name.bar.text == unicodedata.normalize("NFC", barred)
    assert name.bar.latex == latex
    assert name.bar.python == python
    assert name.python.isidentifier()
    assert Name.parse("lambda").python == "_lambda"  # not the keyword


@pytest.mark.parametrize("container", [list, tuple, lambda ts: {f"part{i}": t for i, t in enumerate(ts)}])
def test_the_elements_of_a_thousand_have_names_and_those_of_more_are_data(container):
    few, many = container([mg.Tensor(1.0)] * 1000), container([mg.Tensor(2.0)] * 1001)
    found = list(variables_of(sys._getframe()).values())
    values = [x for group in (few, many) for x in (group.values() if isinstance(group, dict) else group)]
    assert [sum(x is value for x in found) for value in (values[0], values[-1])] == [1000, 0]
