"""What stands below a rule: each name and sign of it that a learner may not know."""

import re
from html import unescape

import pytest

from minigrad.player.meanings import meanings
from tests.helpers.player.graphs import GRAPHS


def said(name, variable):
    """The words below the rule of a step, without markup."""
    (step,) = [step for step in GRAPHS[name]() if step.variable == variable]
    return unescape(re.sub("<[^>]*>", "", meanings(step.expression)))


@pytest.mark.parametrize(
    ("name", "variable", "words"),
    [
        ("logistic", "z", ""),
        ("logistic", "y", "where σ(x) = 1 / (1 + e−x)"),
        ("logistic", "z̄", "where σ′(z)=y(1−y) =0.3775·(1−0.3775)"),
        ("small_cnn", "z̄", "where relu′(z)=[z>0]; […] is 1 where that holds, else 0; ∘ multiplies element by element"),
        ("small_cnn", "b̄", "where n, i and j count examples, rows and columns"),
        ("small_cnn", "x̄", "where each error signal times the filter is added to the elements that the filter saw"),
    ],
)
def test_names_and_signs_are_explained(name, variable, words):
    assert said(name, variable) == words
