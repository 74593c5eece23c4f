"""A picture in words, for those who cannot see it: complete names, shapes, ranges, lines of the program."""

from __future__ import annotations

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.rows.signals import addends
from minigrad.drawing.contents.rows.steps import operation_text, steps_after
from minigrad.drawing.contents.rows.titles import kind_word
from minigrad.drawing.contents.rows.values import value_text
from minigrad.drawing.contents.writing.labels import label_name, label_texts
from minigrad.drawing.contents.writing.text import isolated, sum_text
from minigrad.drawing.levels.grouping import Group
from minigrad.notation import number, write

__all__ = ["box_text", "called", "picture_text"]

_PLURALS = {
    "parameter": "parameters", "constant": "constants", "operation": "operations", "layer": "layers",
    "module": "modules",
}  # fmt: skip


def called(context: Context, group: Group) -> str:
    """What a box is called in a sentence."""
    head = context.head(group)
    if isinstance(group.label, str):
        return isolated(label_name(group.label))
    if group.kind in ("layer", "module", "more"):
        return isolated(label_name(group.label) or next(iter(steps_after(group)), group.kind))
    name = context.name(head)
    if name is not None:
        return isolated(name.text)
    if head.kind == "operation" or group.kind == "failed":
        return isolated(operation_text(head))
    array = context.array(head)
    return number(array) if array is not None and np.ndim(array) == 0 else group.kind


def box_text(context: Context, formulas: Formulas, group: Group) -> str:
    """A box in words."""
    head = context.head(group)
    parts = [called(context, group)]
    if group.times > 1 and group.kind != "more":
        parts.append(f"{group.times} times")
    if group.kind in ("layer", "module", "more"):
        parts += map(isolated, label_texts(group.label))
        parts += [isolated(text) for text in steps_after(group) if text != parts[0]]
    elif group.kind == "failed":
        return f"{parts[0]} failed: {isolated(' '.join(str(head.value).split()))}"
    else:
        parts += filter(None, [kind_word(group, head)])
        formula = formulas.value(group) if not context.layers else None
        if formula is not None and not isinstance(group.label, str):
            parts[0] += f" = {isolated(write(formula))}"
        elif group.kind in ("computed", "operation"):
            parts.append(operation_text(head))
    if head.name and isolated(head.name) != parts[0].partition(" = ")[0]:
        parts.append(f"in the program {isolated(head.name)}")
    array, signal = context.array(head), context.signal(head)
    if array is not None:
        parts.append(f"value {value_text(array)}")
    if signal is not None:
        several = addends(context, head)
        total = f"{sum_text(several)} = " if len(several) > 1 and np.ndim(signal) == 0 else ""
        parts.append(f"error signal {total}{value_text(signal)}")
    line = _source_line(context, group)
    return "; ".join([*parts, *([line] if line else [])])


def _source_line(context: Context, group: Group) -> str:
    """Where the program computes the value of a box, if the derivation knows."""
    name = context.name(context.head(group))
    steps = context.walkthrough.forward if context.walkthrough is not None and name is not None else ()
    return next((isolated(step.source_line) for step in steps if step.name == name and step.source_line), "")


def picture_text(context: Context) -> tuple[str, str]:
    """Title and description of a picture."""
    roots = [called(context, context.of[node]) for node in context.graph.roots]
    groups = context.grouping.groups
    counts: dict[str, int] = {}
    for kind in map(context.kind, groups):
        counts[kind] = counts.get(kind, 0) + 1
    words = ", ".join(f"{n} {_PLURALS.get(kind, kind) if n > 1 else kind}" for kind, n in counts.items())
    what = "Values and error signals" if context.signals is not None else "Values"
    title = f"computation graph of {', '.join(roots)}" if roots else "computation graph"
    boxes = f"{len(groups)} box{'' if len(groups) == 1 else 'es'}"
    return title, f"{what} in {boxes}: {words}."
