"""Greek letters, bars, and how wide a name is."""

import unicodedata

import pytest

from minigrad.notation import bar, pretty
from minigrad.notation.names import width


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
def test_bar_covers_the_letters_and_takes_no_column(name):
    barred = bar(name)
    head = name.partition("_")[0]
    assert barred == unicodedata.normalize("NFC", barred)
    assert width(barred) == width(name) == len(name)
    assert unicodedata.normalize("NFD", barred).count("\N{COMBINING MACRON}") == sum(c.isalpha() for c in head)
    assert unicodedata.normalize("NFD", barred).replace("\N{COMBINING MACRON}", "") == name
