"""Predict: what is asked, and the hints that were made in advance, against mistakes made here with NumPy."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.player.moments import moments
from minigrad.player.questions import question
from minigrad.walkthrough.grade import CommonMistakes
from tests.helpers.player.graphs import GRAPHS


def asked(name, variable, arrived=None):
    """The question at the last step of an error signal, or at the one where so many contributions have arrived."""
    walkthrough = GRAPHS[name]()
    steps = [m for m in moments(walkthrough) if m.step and m.step.variable == variable]
    values = {step.variable: step.value for step in (*walkthrough.given, *walkthrough)}
    return question(CommonMistakes(walkthrough), steps[-1 if arrived is None else arrived - 1]), values


def hint(q, value):
    """What the page says to a number, as its script finds it."""
    return next((text for wrong, text in q["hints"] if abs(value - wrong) <= 0.005 * abs(wrong)), None)


def test_a_wrong_sign_and_a_forgotten_factor():
    q, values = asked("logistic", "z̄")
    assert q["answer"] == values["z̄"]
    assert hint(q, -values["z̄"]) == "the sign is wrong"
    assert hint(q, values["ȳ"]) == "σ′(z) is missing"


def test_a_contribution_and_then_the_sum():
    first, values = asked("logistic", "w̄", arrived=1)
    assert first["answer"] == pytest.approx(values["R̄"] * values["w"])
    last, _ = asked("logistic", "w̄")
    assert last["answer"] == values["w̄"]
    assert hint(last, values["z̄"] * values["x"]).startswith("this is what arrives now; add it to the sum before")


def test_a_forgotten_sum():
    """What one example alone would give."""
    q, v = asked("batched_mlp", "b̄⁽¹⁾")
    terms = v["H̄"] * v["H"] * (1 - v["H"])
    np.testing.assert_allclose(q["answer"], terms.sum(0)[q["at"][0]])
    assert {hint(q, term).partition(":")[0] for term in terms[:, q["at"][0]]} == {"the sum is missing"}


def test_a_transposed_matrix():
    q, v = asked("batched_mlp", "W̄⁽¹⁾")
    i, j = q["at"]
    assert i != j
    assert q["answer"] == v["W̄⁽¹⁾"][i, j]
    assert hint(q, v["W̄⁽¹⁾"][j, i]) == "the transpose is missing: W1 has shape (3, 3)"


def test_of_many_matrices_the_first_is_asked_for():
    q, v = asked("strided_cnn", "w̄")
    assert q["at"][:2] == [0, 0]
    assert q["answer"] == v["w̄"].ravel()[q["cell"]] == v["w̄"][tuple(q["at"])]
    assert abs(q["answer"]) == np.abs(v["w̄"][0, 0]).max()


def test_half_a_square_is_no_mean_of_two():
    w = mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    y = (3.0 * w).named("y")
    walkthrough = mg.explain((0.5 * mg.sum(y**2)).named("L"))
    hints = [text for step in walkthrough.backward for _, text in CommonMistakes(walkthrough).of(step)]
    assert hints
    assert not [text for text in hints if "mean" in text]
