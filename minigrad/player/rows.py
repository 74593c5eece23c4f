"""The table of all steps, which says the same as the pictures; the script copies the current step from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from minigrad.notation import Name, number, printable
from minigrad.player.meanings import meanings
from minigrad.player.moments import Moment, spoken
from minigrad.walkthrough.formats.changed_rules import mark_of
from minigrad.walkthrough.formats.pieces import formula, in_math, name_of, numbers, term, value_of
from minigrad.walkthrough.step import Contribution, Step

__all__ = ["exact", "given_values", "order_list", "size_and_range", "table"]

_EQUALS, _PLUS = "<mo>=</mo>", "<mo>+</mo>"
_HEADS = ("step", "pass", "of", "rule", "with numbers", "gives", "sum so far")


def table(moments: Sequence[Moment]) -> str:
    """A row for each step but the start."""
    lines = {moment.step.name: moment.step.source_line for moment in moments if moment.step}
    rows = "\n".join(_row(k, moment, lines) for k, moment in enumerate(moments) if moment.step)
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(k: int, moment: Moment, lines: Mapping[Name, str | None]) -> str:
    """The user's line is the one whose rule is applied: for what comes from z to w̄ that which computes z."""
    step, c = moment.step, moment.contribution
    assert step is not None
    several = c is not None and moment.of > 1
    what = in_math(name_of(step.name)) + (f" from {in_math(name_of(c.name))}" if several and c else "")
    rule, result = formula(moment.expression), value_of(moment.value)
    chain = [r for r in step.chain_rule if c is not None and r.above == c.name]
    if chain and moment.of == sum(1 for _ in step.chain_rule):
        rule = f"{term(chain[0])}{_EQUALS}{rule}"
    if moment.phase == "backward" and c is None:
        rule = _by_itself(step.name.unbarred)
    in_numbers = numbers(moment.expression)
    head = name_of(step.name) + _EQUALS if not several else ""
    cells = [
        ("what", what, _shape(step.value)),
        ("rule", in_math(head, rule) + meanings(moment.expression) + _mark(c), ""),
        ("numbers", in_math(_EQUALS, in_numbers) if in_numbers else "", ""),
        ("result", in_math(_EQUALS, result), exact(moment.value)),
        ("sum", _sum(moment) if several else "", exact(moment.total) if several else ""),
    ]
    text = "".join(f'<td class="{kind}"{attribute}>{content}</td>' for kind, content, attribute in cells)
    place = f' data-of="{moment.arrived} of {moment.of}"' if several else ""
    source = lines.get(c.name) if c is not None else step.source_line
    line = f' data-line="{escape(printable(source), quote=True)}"' if source else ""
    link = f'<th scope="row"><a href="#step={k}">{k}</a></th>'
    return f'<tr data-step="{k}" class="{moment.phase}"{place}{line}>{link}<td>{moment.phase}</td>{text}</tr>'


def _mark(contribution: Contribution | None) -> str:
    mark = mark_of(contribution) if contribution is not None else ""
    return f" <small>({mark})</small>" if mark else ""


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
    added = in_math(name, _EQUALS, value_of(moment.before), _PLUS, new)
    return f"{added} {in_math(_EQUALS, total, waiting)}{arrived}"  # a narrow screen breaks the line between them


def _by_itself(name: Name) -> str:
    """``dL/dL``: how fast the loss changes with itself."""
    d = f"<mrow><mi>d</mi>{name_of(name)}</mrow>"
    return f"<mfrac>{d}{d}</mfrac>"


def _shape(value: Any) -> str:
    shape = "×".join(map(str, np.shape(value)))
    return f' data-shape="{shape}"' if shape else ""


def size_and_range(array: Any) -> str:
    """Of an array that is too large for a page: ``4096 × 9216, −0.01 … 0.01``."""
    size = " × ".join(map(str, np.shape(array)))
    finite = array[np.isfinite(array)] if np.asarray(array).dtype.kind == "f" else array
    return f"{size}, {number(finite.min())} … {number(finite.max())}" if finite.size else size


def exact(value: Any) -> str:
    """The number with all of its digits."""
    if np.ndim(value):
        return ""
    item = value.item() if hasattr(value, "item") else value
    return f' data-value="{item!r}"'


def given_values(given: Iterable[Step]) -> str:
    """The given variables: numbers with their values, arrays with their shapes."""
    return " ".join(
        f"<span{exact(step.value)}{_shape(step.value)}>{_given(step)}{_path(step)}</span>" for step in given
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
