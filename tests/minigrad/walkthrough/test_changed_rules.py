"""Derivations with changed backward rules: their formulas, their marks, and what is said of the numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from minigrad.notation import width
from minigrad.walkthrough.walkthrough import Walkthrough


def guided(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    return y_bar * (y > 0) * (y_bar > 0)


def derivation(rule: Any = guided) -> Walkthrough:
    x, w, t = mg.Tensor(2.0), mg.Tensor(1.5, requires_grad=True), mg.Tensor(1.0)
    b = mg.Tensor(1.0, requires_grad=True)
    z = w * x + b
    y = mg.relu(z)
    L = 0.5 * (y - t) ** 2 + b * b
    return mg.explain(L, rules={mg.relu: rule})


def test_the_rule_is_printed_as_the_formula_that_it_is() -> None:
    lines = str(derivation()).split("\n")
    (line,) = (line.split("=") for line in lines if line.startswith("  z̄ = "))
    assert [part.strip() for part in line[1:]] == [
        "ȳ [y > 0] [ȳ > 0]",
        "3 · [4 > 0] · [3 > 0]",
        "3  ← changed rule",
    ]
    assert lines[-1] == "changed rule: relu; z̄, w̄ and b̄ are what this rule gives, not derivatives of L"
    assert [line for line in lines if "←" in line] == [lines[lines.index("Backward pass") + 3]]


def test_any_rule_of_numpys_functions_has_a_formula() -> None:
    assert derivation(lambda y_bar, y, x: mg.relu(y_bar)).backward[2].formula == "relu(ȳ)"
    assert derivation(lambda y_bar, y, x: np.where(y_bar > 0, y_bar, 0)).backward[2].formula == "ȳ [ȳ > 0]"
    assert derivation(lambda y_bar, y, x: y_bar).backward[2].formula == "ȳ"


def in_place(y_bar: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    x_bar = y_bar.copy()
    x_bar[0] = 5
    return x_bar


#: Rules, and the formula that each has.
WRITTEN = {
    "an array": (lambda y_bar, y, x: np.array([1.0, 2.0, 3.0]), "[1, 2, 3]"),
    "in place": (in_place, "[5, 0, 6]"),
    "a branch on numbers": (lambda y_bar, y, x: y_bar if (np.asarray(y_bar) > 0).all() else 0 * y_bar, "0"),
    "a random one": (lambda y_bar, y, x: y_bar * np.random.default_rng().normal(size=3), None),
    "a mask": (lambda y_bar, y, x: y_bar * ((y > 0) & (y_bar > 0)), "ȳ ∘ [1, 0, 1]"),
    "clipped": (lambda y_bar, y, x: np.clip(y_bar, -1, 1), "min(max(ȳ, −1), 1)"),
    "its norm": (lambda y_bar, y, x: y_bar / np.linalg.norm(y_bar), "ȳ / ‖ȳ‖₂"),
}


@pytest.mark.parametrize(("rule", "formula"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_no_formula_is_shown_by_its_numbers(rule: Any, formula: str | None) -> None:
    x = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    y = mg.relu(x)
    L = (y * y).sum()
    found = mg.explain(L, rules={mg.relu: rule})
    (_, _, x_bar) = found.backward
    assert x_bar.changed_rules == ("relu",)
    assert formula in (x_bar.formula, None)
    found.check()
    mg.draw(found)
    if formula is not None:
        L.backward(rules={mg.relu: rule})
        np.testing.assert_array_equal(x_bar.value, x.grad)


def test_numbers_of_a_large_array_do_not_fill_the_page() -> None:
    x = Tensor(np.ones((40, 50)), requires_grad=True)
    found = mg.explain(mg.sum(mg.relu(x)), rules={mg.relu: lambda y_bar, y, x: np.arange(2000.0).reshape(40, 50)})
    assert len(str(found)) < 600


def test_steps_name_the_changed_rules() -> None:
    found = derivation()
    assert [(step.target, step.changed_rules) for step in found.backward if step.changed_rules] == [("z", ("relu",))]
    assert found.backward[2].local_derivative == ""  # the rule gives none
    assert found.backward[3].local_derivative == "∂z/∂w = x"


def test_without_changed_rules_there_is_nothing_of_it() -> None:
    w = Tensor(2.0, requires_grad=True)
    found = mg.explain(mg.relu(w).named("y"))
    assert "changed" not in str(found) + found.latex() + found.markdown() + found.html().split("</style>")[-1]


def test_an_error_signal_within_a_formula() -> None:
    """relu(v) has no name: its error signal is a part of the formula for v̄."""
    v, u = Tensor(2.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    K = u + v
    L = 3 * mg.relu(v) + 2 * K * u
    found = mg.explain(L, rules={mg.relu: lambda y_bar, y, x: 5 * y_bar})
    v_bar = next(step for step in found.backward if step.target == "v")
    assert {part.source: (part.changed_rules, float(part.value)) for part in v_bar.contributions} == {
        "K": ((), 2.0),
        "L": (("relu",), 15.0),
    }
    marked = [line.split() for line in str(found).split("\n") if "←" in line]
    assert [line[:2] for line in marked] == [["from", "L"]]
    assert found.check() == (
        "6 lines recomputed, 1 error signal compared with finite differences: all agree; "
        "1 error signal follows from a changed rule, and was not compared with them"
    )


def test_check_recomputes_the_changed_lines() -> None:
    assert "8 lines recomputed, 0 error signals" in derivation().check()


def test_the_numbers_are_those_of_backward() -> None:
    x = Tensor([[1.0, -2.0], [3.0, 4.0]], requires_grad=True)
    w = Tensor([[1.0, 2.0], [-1.0, 1.0]], requires_grad=True)
    loss = mg.sum(mg.relu(mg.relu(x @ w) @ w) * mg.relu(x))
    rules = {mg.relu: guided, mg.matmul: (None, lambda y_bar, y, x, w: -(x.T @ y_bar))}
    found = mg.explain(loss, rules=rules)
    loss.backward(rules=rules)
    for step in found.backward:
        if step.target in ("x", "w"):
            np.testing.assert_array_equal(step.value, {"x": x, "w": w}[step.target].grad)
    assert str(found.changed_note).startswith("changed rules: relu, matmul; ")
    found.check()


def test_long_rows_have_their_mark_below() -> None:
    a = Tensor([1.0, -2.0, 3.0], requires_grad=True)
    z = a * a
    y = mg.relu(z)
    L = mg.sum(y * y)
    rule = lambda y_bar, y, x: y_bar * (y > 0) * (y_bar > 0) * (y < 100) * (x < 100) * (x > -100)  # noqa: E731
    lines = str(mg.explain(L, rules={mg.relu: rule})).split("\n")
    assert "  ↑ changed rule" in lines
    assert max(map(width, lines)) <= 80


def test_latex_markdown_and_html_have_marks_and_note() -> None:
    found = derivation()
    note = "changed rule: relu; z̄, w̄ and b̄ are what this rule gives, not derivatives of L"
    assert found.latex().count(r"\quad\text{(changed rule)}") == 1
    latex = (
        r"changed rule: relu; $\bar{z}$, $\bar{w}$ and $\bar{b}$ are what this rule gives, "
        r"not derivatives of $\mathcal{L}$"
    )
    assert rf"&\text{{{latex}}}" in found.latex()
    assert found.markdown().count(r"\quad\text{(changed rule)}") == 1
    assert f"\n{latex}\n" in found.markdown()
    for answers in (True, False):
        page = found.html(answers=answers)
        assert page.count('<span class="changed">changed rule</span>') == 1
        assert note in plain(page)
    assert note in plain(found._repr_mimebundle_()["text/html"])


def plain(page: str) -> str:
    """The letters of a page, without tags; an overline is a bar."""
    page = re.sub("<mover[^>]*>(.*?)</mover>", lambda m: re.sub("<[^>]*>", "", m[1])[0] + "̄", page)
    return unicodedata.normalize("NFC", re.sub("<[^>]*>", "", page)).replace("ℒ", "L")


def test_many_names_are_counted() -> None:
    x = Tensor(1.0, requires_grad=True)
    y = mg.relu(x)
    for _ in range(3):
        y = mg.relu(y * Tensor(1.0, requires_grad=True))
    found = mg.explain(y, every_step=True, rules={mg.relu: guided})
    note = str(found.changed_note)
    assert note.count(",") == 6
    assert " and 4 more are what this rule gives, not derivatives of " in note


def test_the_wrong_order_follows_the_changed_rules() -> None:
    x = Tensor(2.0, requires_grad=True)
    y = mg.relu(x)
    L = y + y * y
    compared = mg.explain(L, rules={mg.relu: lambda y_bar, y, x: 3 * y_bar}).wrong_order()
    rows = {row.target: (float(row.right), float(row.depth_first)) for row in compared.rows}
    assert rows["x"] == (15.0, 3.0)


def test_a_checkpoint_is_marked_for_the_rules_within() -> None:
    v, u = Tensor(2.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    L = mg.checkpoint(lambda x: 3 * mg.relu(x))(v) + u
    found = mg.explain(L, rules={mg.relu: lambda y_bar, y, x: 5 * y_bar})
    assert {step.target: step.changed_rules for step in found.backward} == {"L": (), "v": ("relu",), "u": ()}
    assert float(found.backward[1].value) == 15.0
    found.check()


def test_an_array_is_explained_with_changed_rules() -> None:
    x = Tensor([1.0, -2.0], requires_grad=True)
    y = mg.relu(x)
    found = mg.explain(y, rules={mg.relu: lambda y_bar, y, x: 5 * y_bar})
    np.testing.assert_array_equal(found.backward[-1].value, [5, 5])


def test_mistakes_name_explain() -> None:
    x = Tensor(2.0, requires_grad=True)
    with pytest.raises(ValueError, match="explain: rules has a rule for tanh, which does not occur in the graph"):
        mg.explain(x * x, rules={mg.tanh: guided})


# ---------------------------------------------------------------- pictures and pages of it


def test_the_picture_has_the_numbers_of_the_changed_rules() -> None:
    found = derivation(lambda y_bar, y, x: 2 * y_bar)
    text = str(mg.draw(found))
    assert "z̄ = 6" in text
    assert "w̄ = 12" in text
    operations = str(mg.draw(found, level="operations"))
    assert "z̄ = 6" in operations


def test_the_picture_calls_no_changed_rule_a_derivative() -> None:
    found = derivation(lambda y_bar, y, x: 2 * y_bar)
    drawn = plain(mg.draw(found, local_derivatives=True)._repr_mimebundle_()["image/svg+xml"])
    derivatives = "".join(drawn.split()).replace("∂", "d")
    assert "dz/dw" in derivatives
    assert "dL/dy" in derivatives
    assert "dy/dz" not in derivatives


@pytest.mark.parametrize("level", ["lines", "operations"])
def test_the_player_marks_the_step_at_every_level(level: Any) -> None:
    html = derivation(lambda y_bar, y, x: 2 * y_bar).player(level=level).html
    assert "<small>(changed rule)</small>" in html
    assert "changed rule: relu; " in html
    assert "w; parameter; value 1.5; error signal 12" in html  # of the picture


def test_the_terminal_says_it() -> None:
    from minigrad.walkthrough.terminal.moments import build_timeline

    moments = build_timeline(derivation()).moments
    (marked,) = (moment for moment in moments if "←" in moment.line)
    assert marked.line == "z̄ = ȳ [y > 0] [ȳ > 0] = 3 · [4 > 0] · [3 > 0] = 3  ← changed rule"
    assert [text for lead, text in marked.panel if lead.startswith("changed rule of")] == ["relu"]
