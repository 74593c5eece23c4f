"""A derivation in LaTeX and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minigrad.notation import Expression, latex, typeset_formula, typeset_value
from minigrad.notation.layout import Number
from minigrad.notation.name import tex_escaped
from minigrad.notation.values import extent, is_small
from minigrad.walkthrough.formats.changed_rules import ChangedNote, mark_of
from minigrad.walkthrough.formats.text import explained, nameless_note
from minigrad.walkthrough.step import ChainRule, Contribution, Step, typeset_numbers

__all__ = ["alignat", "markdown"]


def alignat(forward: Sequence[Step], backward: Sequence[Step], changed: ChangedNote | None = None) -> str:
    """Both passes in one ``alignat*`` environment, for the package amsmath."""
    passes = _passes(forward, backward)
    lines = [line for title, steps in passes for line in (rf"&\textbf{{{title}}}", *_lines(steps))]
    lines += _where((*forward, *backward))
    lines += [rf"&\text{{{_note(changed)}}}"] if changed else []
    return "\\begin{alignat*}{2}\n" + " \\\\\n".join(lines) + "\n\\end{alignat*}"


def markdown(
    given: Sequence[Step], forward: Sequence[Step], backward: Sequence[Step], changed: ChangedNote | None = None
) -> str:
    """Headings and formulas between dollar signs, as notebooks and code hosts render them."""
    sections = ["**Given**", ", ".join(f"${_given(step)}$" for step in given)] if given else []
    if note := nameless_note(given):
        sections.append(f"({note})")
    for title, steps in _passes(forward, backward):
        body = " \\\\\n".join(_lines(steps))
        sections += [f"**{title}**", f"$$\n\\begin{{alignedat}}{{2}}\n{body}\n\\end{{alignedat}}\n$$"]
    where = [f"${line.replace('&', '')}$" for line in _where((*forward, *backward), r"")]
    sections += ["where " + ", ".join(where)] if where else []
    text = "\n\n".join(sections + ([_note(changed)] if changed else [])) + "\n"
    return text.replace("<", r"\lt ").replace(">", r"\gt ")  # Markdown may hold HTML, also between dollar signs


def _passes(forward: Sequence[Step], backward: Sequence[Step]) -> list[tuple[str, Sequence[Step]]]:
    """The passes that have steps: a leaf alone has no forward pass."""
    return [(title, steps) for title, steps in (("Forward pass", forward), ("Backward pass", backward)) if steps]


def _given(step: Step) -> str:
    path = rf"\text{{{tex_escaped(step.path)}}}, " if step.path else ""
    return f"{step.name.latex} = {path}{_value(step.value)}"


def _lines(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        left = step.name.latex
        if len(step.chain_rule) > 1:
            yield f"{left} &= " + " + ".join(map(_term, step.chain_rule))
            left = ""
        yield f"{left} &= {_equals(step.expression, step.value)}{_mark(step)}"
        if len(step.contributions) > 1:
            yield from (_contribution(part, i) for i, part in enumerate(step.contributions))


def _equals(e: Expression, value: Any) -> str:
    """The formula, the formula with numbers, and the result; equal ones once."""
    layouts = [typeset_formula(e, flat=False), typeset_numbers(e)]
    texts = [latex(layout) for layout in layouts if layout is not None] + [_value(value)]
    first, *others = dict.fromkeys(texts)
    return " = ".join([first + (r" &&\quad" if others else ""), *others])


def _term(rule: ChainRule) -> str:
    d = r"\partial " if rule.d == "∂" else "d"
    return rf"{rule.above.bar.latex} \frac{{{d}{rule.above.latex}}}{{{d}{rule.below.latex}}}"


def _contribution(part: Contribution, i: int) -> str:
    """A contribution, with the running sum."""
    total = rf" \quad\text{{(sum }}{_value(part.running_sum)}\text{{)}}" if i and is_small(part.value) else ""
    return (
        rf"&\quad\text{{from }}{part.name.latex}\text{{: }}{_equals(part.expression, part.value)}{total}{_mark(part)}"
    )


def _note(changed: ChangedNote) -> str:
    return changed.written(lambda name: f"${name.latex}$", tex_escaped)


def _mark(line: Step | Contribution) -> str:
    mark = mark_of(line)
    return rf" \quad\text{{({mark})}}" if mark else ""


def _where(steps: Sequence[Step], start: str = r"&\text{where }") -> Iterator[str]:
    for e in explained(step.expression for step in steps):
        yield f"{start}{latex(typeset_formula(e, flat=False))} = {latex(typeset_formula(e.meaning, flat=False))}"


def _value(value: Any) -> str:
    """A number, a small matrix, or shape, range and norm."""
    if is_small(value):
        return latex(typeset_value(value))
    shape = r" \times ".join(map(str, np.shape(value))) + (r"\text{ elements}" if np.ndim(value) == 1 else "")
    if not np.size(value):
        return rf"{shape}\text{{, empty}}"
    low, high, norm = (latex(Number(text)) for text in extent(value))
    size = r"\lvert z \rvert = " if np.iscomplexobj(value) else ""
    return rf"{shape}\text{{, }}{size}{low} \dots {high}\text{{, norm }}{norm}"
