"""The first rows of a box: what it is called, how it is computed, what it does."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.writing.labels import label_name, label_texts
from minigrad.drawing.contents.writing.text import SMALL, TITLE, USUAL, lines_of, name_spans, plain, short, wrapped
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Line, Row, Rule, Span
from minigrad.notation import number
from minigrad.notation import operations as ops

__all__ = ["kind_word", "operation_text", "part_text", "steps_after", "title_rows"]

_SIGNS = {ops.add: "+", ops.subtract: "−", ops.multiply: "×", ops.divide: "÷", ops.negative: "negate"}
_MOST_STEPS = 4
_STEP_COLUMNS = 24


def title_rows(context: Context, formulas: Formulas, group: Group) -> list[Row]:
    """What a box says before its value."""
    head = context.head(group)
    if group.kind == "failed":
        first = Line((plain(f"✗ {operation_text(head)}", "warning", bold=True),), TITLE)
        return [first, *(Line((plain(text, "warning"),), SMALL) for text in wrapped(_message(head)))]
    if group.kind in ("layer", "module", "more"):
        return [*_layer_rows(context, group), *_last_step(context, formulas, group, head)]
    title = _title(context, group, head)
    if context.layers:
        return _centered(group, head, title)
    named = context.name(head) is not None and not isinstance(group.label, str)
    return _with_formula(formulas, group, head, title, named)


def _title(context: Context, group: Group, head: Node) -> tuple[Span, ...]:
    """The label, the name of a value, the operation that has none, or the number itself."""
    name = context.name(head)
    if isinstance(group.label, str):
        return (plain(short(group.label), bold=True),)
    if name is not None:
        return name_spans(name, bold=True)
    if head.kind == "operation":
        return (plain(operation_text(head), bold=True),)
    return (plain(number(context.array(head)), bold=True),) if np.ndim(context.array(head)) == 0 else ()


def _with_formula(formulas: Formulas, group: Group, head: Node, title: tuple[Span, ...], named: bool) -> list[Row]:
    """``z = w x + b``, or ``w  parameter``; a long formula goes on below."""
    word = kind_word(group, head)
    if word:
        text = f"  {word}" if title else word
        if group.kind != "unrecorded":
            return [Line((*title, plain(text, "muted", scale=SMALL / TITLE)), TITLE)]
        return [Line(title or (plain("value", bold=True),), TITLE), Line((plain(word, "muted"),), SMALL)]
    formula = formulas.value(group)
    if not named:
        return [Line(title, TITLE)]
    if formula is None:
        text = f" = {operation_text(head)}(…)" if group.kind == "operation" else ""
        return [Line((*title, *([plain(text, scale=USUAL / TITLE)] if text else [])), TITLE)]
    first, *others = lines_of(formula, scale=USUAL / TITLE)
    rows: list[Row] = [Line((*title, plain(" = ", scale=USUAL / TITLE), *first), TITLE)]
    return [*rows, *(Line(line, TITLE) for line in others)]


def _centered(group: Group, head: Node, title: tuple[Span, ...]) -> list[Row]:
    """Among layers: the name, and below it the operations."""
    word = kind_word(group, head)
    rows: list[Row] = [Line(title or (plain(word, bold=True),), TITLE, centered=True)]
    if group.kind in ("computed", "operation"):
        steps = list(dict.fromkeys(operation_text(node) for node in group.nodes if node.kind == "operation"))
        if title and title[0].text != steps[-1]:
            rows += _steps(steps)
    elif title and word and word != "given":
        rows.append(Line((plain(word, "muted"),), SMALL, centered=True))
    return rows


def _last_step(context: Context, formulas: Formulas, group: Group, head: Node) -> list[Row]:
    """The formula of the last step of a loop, among lines of a derivation."""
    name, formula = context.name(head), None if context.layers or group.times == 1 else formulas.value(group)
    if name is None or formula is None:
        return []
    first, *others = lines_of(formula)
    return [Line(line) for line in ((*name_spans(name), plain(" = "), *first), *others)]


def _layer_rows(context: Context, group: Group) -> list[Row]:
    """A layer or block: its name, what it does, how many parameters it has, and what is folded into it."""
    steps = steps_after(group)
    name = short(label_name(group.label)) or (steps.pop(0) if steps else group.kind)
    first, *others = label_texts(group.label) or [""]
    rows: list[Row] = [Line((plain(name, bold=True),), TITLE, centered=True)]
    for text in filter(None, (first if first != name else "", ", ".join(others))):
        rows += [Line((plain(line),), centered=True) for line in wrapped(text, _STEP_COLUMNS, 2)]
    count = sum(np.size(context.array(node)) for node in group.nodes if node.kind == "parameter")
    shared = any(use.source.kind == "parameter" for use in context.entering(group))
    if count or shared:
        words = [f"{count:,} parameter{'' if count == 1 else 's'}"] if count else []
        words += ["shared parameters"] if shared else []
        rows.append(Line((plain(" + ".join(words), "muted"),), SMALL, centered=True))
    return [*rows, *_steps(steps)]


def steps_after(group: Group) -> list[str]:
    """What is computed in a box after the layer that it is called after; at least one thing if there is none."""
    found = [part_text(part) for part in group.folded if part != group.label]
    return found if found or group.label is not None else [operation_text(group.nodes[-1])]


def _steps(steps: list[str]) -> list[Row]:
    """What is computed one after the other, under a line: ``ReLU → max 2×2``."""
    if not steps:
        return []
    if len(steps) > _MOST_STEPS:
        steps = [f"{len(steps)} steps"]
    lines = [""]
    for i, step in enumerate(short(step, _STEP_COLUMNS) for step in steps):
        text = f"→ {step}" if i else step
        if lines[-1] and len(lines[-1]) + 1 + len(text) > _STEP_COLUMNS:
            lines.append(text)
        else:
            lines[-1] += f" {text}" if lines[-1] else text
    return [Rule(), *(Line((plain(line),), centered=True) for line in lines)]


def kind_word(group: Group, head: Node) -> str:
    """What kind of value a box has that was not computed here; of a single number nothing."""
    if group.kind == "unrecorded":
        return "computed, not recorded"
    if group.kind == "given" and head.kind == "buffer":
        return "buffer"
    if group.kind == "constant":
        return "constant" if head.name or np.ndim(getattr(head.value, "data", head.value)) else ""
    return group.kind if group.kind in ("parameter", "given") else ""


def operation_text(node: Node) -> str:
    """The sign or the name of an operation."""
    return (node.name or "operation") if node.primitive is None else part_text(node.primitive)


def part_text(part: Any) -> str:
    """What a box was put together from: a module, as its label says, or an operation, by its sign or its name."""
    if isinstance(part, Primitive):
        return _SIGNS.get(part) or part.symbol.replace("_", " ")
    texts = label_texts(part)
    if not texts:
        return label_name(part)
    return ", ".join(texts) if sum(map(len, texts)) < _STEP_COLUMNS - 2 else texts[0]


def _message(head: Node) -> str:
    """The error of the operation that failed."""
    error = head.value
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
