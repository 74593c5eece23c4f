"""What was computed from constants is written as it was computed: 1 − t, not a number or c₁."""

from __future__ import annotations

import weakref
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from tests.helpers.drawn_graphs import arrows


def binary_cross_entropy(t: Any, *, mean: bool) -> mg.Tensor:
    w = mg.Tensor(0.3, requires_grad=True, name="w")
    x = mg.Tensor([0.5, 2.0, -1.0] if mean else 2.0, name="x")
    y = mg.sigmoid(w * x).named("y")
    each = t * mg.log(y) + (1 - t) * mg.log(1 - y)
    return (-mg.mean(each) if mean else -each).named("L")


@pytest.mark.parametrize("target", [0.0, 1.0, 0.25])
def test_the_binary_cross_entropy_of_a_number_reads_as_in_the_lecture(target: float) -> None:
    """At t = 1 too, where the second term is 0."""
    walkthrough = mg.explain(binary_cross_entropy(mg.Tensor(target, name="t"), mean=False))
    assert walkthrough.forward[-1].formula == "−(t log y + (1 − t) log(1 − y))"
    (y_bar,) = (step for step in walkthrough.backward if step.target == "y")
    assert y_bar.formula == "−L̄ t / y + L̄ (1 − t) / (1 − y)"
    assert r"(1 - t) \log(1 - y)" in walkthrough.latex()
    assert [step.target for step in walkthrough.given] == ["w", "x", "t"]
    walkthrough.check()


@pytest.mark.parametrize("target", [[1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
def test_the_binary_cross_entropy_of_arrays_reads_as_in_the_lecture(target: list[float]) -> None:
    walkthrough = mg.explain(binary_cross_entropy(mg.Tensor(target, name="t"), mean=True))
    assert walkthrough.forward[-1].formula == "−mean(t ∘ log y + (1 − t) ∘ log(1 − y))"
    (y_bar,) = (step for step in walkthrough.backward if step.target == "y")
    assert y_bar.formula == "−(L̄ / 3) t / y + (L̄ / 3) (1 − t) / (1 − y)"
    walkthrough.check()


def test_a_drawing_has_the_operations_of_constants() -> None:
    drawn = arrows(binary_cross_entropy(mg.Tensor(1.0, name="t"), mean=False))
    differences = {user for value, user in drawn if value == "1"} & {user for value, user in drawn if value == "t"}
    assert differences
    assert differences <= {value for value, _ in drawn}


def test_a_folded_module_shows_the_constants_that_go_into_it() -> None:
    t, w = mg.Tensor([1.0, 0.0], name="t"), mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    for recording, found in ((mg.record(), [("t", "loss")]), (nullcontext(), [("t", "−"), ("−", "loss")])):
        with recording, mg.scope("loss"):
            loss = ((1 - t) * w).sum()
        assert arrows(loss, level="modules") == found


def test_constants_without_a_name_that_the_loss_contains_are_c1() -> None:
    """As in a function of losses that is passed its targets directly."""
    walkthrough = mg.explain(binary_cross_entropy(mg.Tensor([1.0, 0.0, 1.0]), mean=True))
    assert walkthrough.forward[-1].formula == "−mean(c₁ ∘ log y + (1 − c₁) ∘ log(1 − y))"
    walkthrough.check()


def test_a_term_that_is_zero_for_a_plain_number_leaves_no_trace() -> None:
    """For t = 1, a number of Python, 1 − t is the number 0."""
    walkthrough = mg.explain(binary_cross_entropy(1.0, mean=False))
    assert walkthrough.forward[-1].formula == "−log y"
    assert [step.formula for step in walkthrough.backward if step.target == "y"] == ["−L̄ / y"]
    walkthrough.check()


def test_a_constant_with_a_name_is_given() -> None:
    t, w = mg.Tensor([1.0, 0.0]), mg.Tensor([1.0, 2.0], requires_grad=True)
    s = 1 - t
    loss = (s * w).sum()
    assert [step.target for step in mg.explain(loss).given] == ["s", "w"]


@given(st.lists(st.sampled_from(["1 - {}", "{} * t", "2 * {}", "{} / 4", "mg.tanh({})", "{} + s"]), max_size=4))
def test_every_chain_of_constants_is_recomputed_from_its_formula(operations: list[str]) -> None:
    t, s = mg.Tensor([1.0, 0.25, -0.5], name="t"), mg.Tensor(0.5, name="s")
    w = mg.Tensor([1.0, 2.0, 3.0], requires_grad=True, name="w")
    constant = t
    for operation in operations:
        constant = eval(operation.format("c"), {"c": constant, "t": t, "s": s, "mg": mg})
    walkthrough = mg.explain((constant * w).sum().named("L"))
    walkthrough.check()
    assert not any(step.nameless for step in walkthrough.given)


def test_a_long_formula_of_constants_has_a_line_of_its_own() -> None:
    t, w = mg.Tensor([1.0, 0.25], name="t"), mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    functions = [mg.exp, mg.sin, mg.cos, mg.tanh, mg.sigmoid]
    walkthrough = mg.explain((sum(f(t) * f(2 * t) for f in functions) * w).sum().named("L"))
    assert walkthrough.forward[0].target == "c_1"
    walkthrough.check()


def test_what_numpy_computed_is_c1_with_a_note_how_to_name_it() -> None:
    target = np.array([1.0, 0.0])
    w = mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    walkthrough = mg.explain(((1 - target) * w).sum().named("L"))
    note = "no name in the program for c₁: write s = … before using it, or t.named("
    assert f'({note}"s"))' in str(walkthrough)
    assert note in walkthrough.markdown()
    assert note in walkthrough.html()
    s = 1 - target
    assert "no name" not in str(mg.explain((s * w).sum()))


@pytest.mark.parametrize("write", ["t.data[0] = 5.0", "t.data = np.zeros(2)", "t.data -= 1.0"])
def test_a_constant_that_no_longer_follows_from_its_inputs_is_c1(write: str) -> None:
    t, w = mg.Tensor([1.0, 0.0], name="t"), mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    loss = ((1 - t) * w).sum().named("L")
    exec(write, {"t": t, "np": np})
    walkthrough = mg.explain(loss)
    assert walkthrough.forward[0].formula == "Σ c₁ ∘ w"
    walkthrough.check()


def test_given_constants_stay_as_they_were_when_later_written_into() -> None:
    t, w = mg.Tensor([1.0, 0.0], name="t"), mg.Tensor([1.0, 2.0], requires_grad=True, name="w")
    walkthrough = mg.explain(((1 - t) * w).sum().named("L"))
    t.data[:] = 7.0
    np.testing.assert_array_equal(walkthrough.given[0].value, [1.0, 0.0])
    walkthrough.check()


def test_a_chain_of_constants_in_a_loop_is_freed() -> None:
    first = total = mg.Tensor(np.zeros(1000))
    alive = weakref.ref(first)
    del first
    for _ in range(20):
        total = total + 1.0
    assert alive() is None


@pytest.mark.parametrize(
    "operation",
    [
        lambda large: large + 1.0,
        lambda large: mg.stack([large, large]),
        lambda large: mg.concatenate([large, large]),
        lambda large: mg.einsum("i,i->i", large, large),
        mg.sort,
        mg.checkpoint(mg.exp),
    ],
)
def test_large_constants_are_not_kept(operation: Any) -> None:
    large = mg.Tensor(np.zeros(200_000))
    alive = weakref.ref(large)
    result = operation(large)
    del large
    assert alive() is None
    assert result.size >= 200_000


def test_nothing_is_kept_under_no_grad() -> None:
    t = mg.Tensor([1.0, 0.0])
    alive = weakref.ref(t)
    with mg.no_grad():
        result = 1 - t
    del t
    assert alive() is None
    assert result.shape == (2,)
