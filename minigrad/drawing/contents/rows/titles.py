"""The first rows of a box: what it is called, how it is computed, what it does."""

from __future__ import annotations

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.rows.steps import operation_text, step_rows, steps_after
from minigrad.drawing.contents.writing.labels import label_name, label_texts
from minigrad.drawing.contents.writing.text import SMALL, TITLE, USUAL, lines_of, name_spans, plain, short, wrapped
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Line, Row, Span
from minigrad.notation import number

__all__ = ["kind_word", "title_rows"]

_COLUMNS = 24  # of what a layer is
_MOST_LAYERS = 3  # in a box whose parameters are counted one by one


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
        return _centered(context, group, head, title)
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
            return [Line((*title, plain(text, "muted", scale=SMALL / TITLE, detail=bool(title))), TITLE)]
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


def _centered(context: Context, group: Group, head: Node, title: tuple[Span, ...]) -> list[Row]:
    """Among layers: the name, and below it the operations."""
    word = kind_word(group, head)
    rows: list[Row] = [Line(title or (plain(word, bold=True),), TITLE, centered=True)]
    if group.kind in ("computed", "operation"):
        steps = list(dict.fromkeys(operation_text(node) for node in group.nodes if node.kind == "operation"))
        if title and title[0] != plain(steps[-1], bold=True):
            rows += step_rows(context, group, steps)
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
        rows += [Line((plain(line),), centered=True) for line in wrapped(text, _COLUMNS, 2)]
    counts = _parameter_counts(context, group)
    words = [f"{' + '.join(counts)} parameter{'' if counts == ['1'] else 's'}"] if counts else []
    shared = context.layers and any(use.source.kind == "parameter" for use in context.entering(group))
    words += ["shared parameters"] if shared else []
    if words:
        rows.append(Line((plain(" + ".join(words), "muted"),), SMALL, centered=True))
    return [*rows, *step_rows(context, group, steps)]


def _parameter_counts(context: Context, group: Group) -> list[str]:
    """The number of parameters of each layer in the box: of a convolution and its normalization ``144`` and ``8``."""
    counts: dict[str, int] = {}
    for node in group.nodes:
        if node.kind == "parameter":
            layer = (node.name or "").rpartition(".")[0]
            counts[layer] = counts.get(layer, 0) + np.size(context.array(node))
    found = list(counts.values()) if len(counts) <= _MOST_LAYERS else [sum(counts.values())]
    return [f"{count:,}" for count in found]


def kind_word(group: Group, head: Node) -> str:
    """What kind of value a box has that was not computed here; of a single number nothing."""
    if group.kind == "unrecorded":
        return "computed, not recorded"
    if group.kind == "given" and head.kind == "buffer":
        return "buffer"
    if group.kind == "constant":
        return "constant" if head.name or np.ndim(getattr(head.value, "data", head.value)) else ""
    return group.kind if group.kind in ("parameter", "given") else ""


def _message(head: Node) -> str:
    """The error of the operation that failed."""
    error = head.value
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
