"""What is computed in a box one after the other, with the shapes in between: ``ReLU → 6×28×28 → max 2×2``."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.writing.labels import label_name, label_texts
from minigrad.drawing.contents.writing.text import plain, shape_text, short
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Line, Row, Rule, Span
from minigrad.notation import operations as ops

__all__ = ["operation_text", "part_text", "step_rows", "steps_after"]

_SIGNS = {ops.add: "+", ops.subtract: "−", ops.multiply: "×", ops.divide: "÷", ops.negative: "negate"}
#: Between arrows a sign would look like another one.
_WORDS = {"+": "add", "−": "subtract", "×": "multiply", "÷": "divide"}
_MOST_STEPS = 4
_COLUMNS = 26


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
    return ", ".join(texts) if sum(map(len, texts)) < _COLUMNS - 4 else texts[0]


def steps_after(group: Group) -> list[str]:
    """What is computed in a box after the layer that it is called after; at least one thing if there is none."""
    found = [part_text(part) for part in group.folded if part != group.label]
    return found if found or group.label is not None else [operation_text(group.nodes[-1])]


def step_rows(context: Context, group: Group, steps: list[str]) -> list[Row]:
    """The steps under a line; of many only how many there are."""
    if not steps:
        return []
    if len(steps) > 1:
        steps = [_WORDS.get(step, step) for step in steps]
    between = zip(group.folded, _shapes_between(context, group), strict=False)
    shapes = [shape for part, shape in between if part != group.label][-len(steps) :]
    if len(steps) > _MOST_STEPS:
        steps, shapes = [f"{len(steps)} steps"], []
    lines: list[list[Span]] = [[]]
    for i, step in enumerate(steps):
        _add(lines, plain(short(step, _COLUMNS)))
        if i < len(shapes) and shapes[i]:
            _add(lines, plain(shapes[i], "value"))
    return [Rule(), *(Line(tuple(line), centered=True) for line in lines)]


def _add(lines: list[list[Span]], step: Span) -> None:
    """Add a step to the last line, or to a new one where that is full."""
    before = sum(len(span.text) for span in lines[-1])
    if before and before + 3 + len(step.text) > _COLUMNS:
        lines.append([plain("→ "), step])
    else:
        lines[-1] += [plain(" → "), step] if before else [step]


def _shapes_between(context: Context, group: Group) -> list[str]:
    """For each part of a stage the shape of its output where the next part changes it; that of the last is elsewhere.

    Empty where it is not known which operation belongs to which part.
    """
    shapes: dict[int, tuple[int, ...]] = {}
    part = 0
    for node in group.nodes if group.kind in ("layer", "module") and group.times == 1 else ():
        if node.kind == "operation":
            part = next((k for k in range(part, len(group.folded)) if _belongs(node, group.folded[k])), part)
            shapes[part] = context.example_shape(np.shape(context.array(node)))
    if len(shapes) < len(group.folded):
        return []
    found = [shapes[k] for k in range(len(shapes))]
    return [*(shape_text(a) if a != b else "" for a, b in pairwise(found)), ""] if found else []


def _belongs(node: Node, part: Any) -> bool:
    """Whether an operation was computed by a module, or is this operation."""
    if isinstance(part, Primitive):
        return node.primitive is part
    return node.scope is not None and any(scope.label is part for scope in node.scope.path())
