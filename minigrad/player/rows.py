"""The table of all steps, which says the same as the pictures; the script copies the current step from it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np

from minigrad.notation import Name, printable
from minigrad.player.moments import Moment, spoken
from minigrad.walkthrough.formats.pieces import formula, in_math, name_of, numbers, term, value_of
from minigrad.walkthrough.step import Step
from minigrad.walkthrough.wrong_order import WrongOrder

__all__ = ["given_values", "order_list", "table"]

_EQUALS, _PLUS = "<mo>=</mo>", "<mo>+</mo>"
_HEADS = ("step", "pass", "of", "rule", "with numbers", "adds or is", "sum so far", "depth first")


def table(moments: Iterable[Moment], wrong: WrongOrder | None) -> str:
    """A row for each step but the start."""
    rows = "\n".join(_row(k, moment, wrong) for k, moment in enumerate(moments) if moment.step)
    heads = "".join(f'<th scope="col"{" class=wrong" if head == _HEADS[-1] else ""}>{head}</th>' for head in _HEADS)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(k: int, moment: Moment, wrong: WrongOrder | None) -> str:
    step, c = moment.step, moment.contribution
    assert step is not None
    several = c is not None and moment.of > 1
    what = in_math(name_of(step.name)) + (f" from {in_math(name_of(c.name))}" if several and c else "")
    rule, result = formula(moment.expression), value_of(moment.value)
    chain = [r for r in step.chain_rule if c is not None and r.above == c.name]
    if chain and moment.of == sum(1 for _ in step.chain_rule):
        rule = f"{term(chain[0])}{_EQUALS}{rule}"
    in_numbers = numbers(moment.expression)
    head = name_of(step.name) + _EQUALS if not several else ""
    cells = [
        ("what", what, _shape(step.value)),
        ("rule", in_math(head, rule), ""),
        ("numbers", in_math(_EQUALS, in_numbers) if in_numbers else "", ""),
        ("result", in_math(_EQUALS, result), _exact(moment.value)),
        ("sum", _sum(moment) if several else "", _exact(moment.total) if several else ""),
        ("wrong", _depth_first(moment, wrong), ""),
    ]
    text = "".join(f'<td class="{kind}"{attribute}>{content}</td>' for kind, content, attribute in cells)
    place = f' data-of="{moment.arrived} of {moment.of}"' if several else ""
    line = f' data-line="{escape(printable(step.source_line), quote=True)}"' if step.source_line else ""
    link = f'<th scope="row"><a href="#step={k}">{k}</a></th>'
    return f'<tr data-step="{k}" class="{moment.phase}"{place}{line}>{link}<td>{moment.phase}</td>{text}</tr>'


def _sum(moment: Moment) -> str:
    """``0.05 + (−0.2926) = −0.2426``, and how many contributions have arrived."""
    assert moment.step is not None
    arrived = f' <span class="arrived">{moment.arrived} of {moment.of} arrived</span>'
    name, total = name_of(moment.step.name), value_of(moment.total)
    if moment.before is None:
        waiting = "<mo>+</mo><mo>…</mo>" if moment.of > 1 else ""
        return in_math(name, _EQUALS, total, waiting) + arrived
    waiting = "" if moment.complete else "<mo>+</mo><mo>…</mo>"
    if np.ndim(moment.value):
        return in_math(name, _EQUALS, total, waiting) + arrived
    new = value_of(moment.value)
    if "−" in new:
        new = f'<mrow><mo form="prefix" stretchy="false">(</mo>{new}<mo form="postfix" stretchy="false">)</mo></mrow>'
    parts = [name, _EQUALS, value_of(moment.before), _PLUS, new, _EQUALS, total, waiting]
    return in_math(*parts) + arrived


def _depth_first(moment: Moment, wrong: WrongOrder | None) -> str:
    """What the sweep in the wrong order has for this error signal, where it is complete in the right one."""
    if wrong is None or moment.phase != "backward" or not moment.complete:
        return ""
    assert moment.step is not None
    row = next((row for row in wrong.rows if row.target == moment.step.target), None)
    if row is None:
        return ""
    if row.agrees:
        return "✓ the same"
    value = in_math(name_of(moment.step.name), _EQUALS, value_of(row.depth_first))
    why = ""
    if row.target == wrong.parts_at:
        late = row.arrived < row.uses
        passed = f": passed on when {row.arrived} of {row.uses} contributions had arrived" if late else ""
        why = f" <strong>here they part{passed}</strong>"
    return f"{value} ✗{why}"


def _shape(value: Any) -> str:
    shape = "×".join(map(str, np.shape(value)))
    return f' data-shape="{shape}"' if shape else ""


def _exact(value: Any) -> str:
    """The number with all of its digits."""
    if np.ndim(value):
        return ""
    item = value.item() if hasattr(value, "item") else value
    return f' data-value="{item!r}"'


def given_values(given: Iterable[Step]) -> str:
    """The given variables: numbers with their values, arrays with their shapes."""
    return " ".join(
        f"<span{_exact(step.value)}{_shape(step.value)}>{_given(step)}{_path(step)}</span>" for step in given
    )


def _given(step: Step) -> str:
    if np.ndim(step.value):
        return f"{in_math(name_of(step.name))} <small>{'×'.join(map(str, np.shape(step.value)))}</small>"
    return in_math(name_of(step.name), _EQUALS, value_of(step.value))


def _path(step: Step) -> str:
    return f" <small>{escape(step.path)}</small>" if step.path else ""


def order_list(moments: Iterable[Moment]) -> str:
    """The variables in the order of both passes, each with the steps at which something arrives there."""
    found: dict[Name, list[int]] = {}
    phases: dict[Name, str] = {}
    for k, moment in enumerate(moments):
        if moment.step:
            found.setdefault(moment.step.name, []).append(k)
            phases[moment.step.name] = moment.phase
    items = (
        f'<li class="{phases[name]}" data-first="{steps[0]}" data-last="{steps[-1]}">'
        f'<a href="#step={steps[-1]}" aria-label="{escape(spoken(name.text))}">{in_math(name_of(name))}</a></li>'
        for name, steps in found.items()
    )
    return f'<ol class="order" aria-label="order of computation">{"".join(items)}</ol>'
