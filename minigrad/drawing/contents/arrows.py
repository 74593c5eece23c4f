"""Arrows: one forward for each use of a value, one back for each contribution to an error signal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.marks import DETACHED, detached
from minigrad.drawing.contents.words import called
from minigrad.drawing.contents.writing.text import (
    SMALL,
    formula_spans,
    isolated,
    magnitude_text,
    name_spans,
    plain,
    shape_text,
    size_text,
)
from minigrad.drawing.graph.nodes import Node, Use
from minigrad.drawing.levels.connections import connections
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Arrow, Line, Span
from minigrad.notation import number, write
from minigrad.notation import operations as ops
from minigrad.notation.expression import Constant

__all__ = ["Link", "backward_arrow", "forward_arrow", "links"]

_COMMUTATIVE = (ops.add, ops.multiply)


@dataclass(eq=False)
class Link:
    """Uses that are one arrow, or two: one back, if an error signal comes back.

    Attributes:
        forward, backward: the keys of its arrows; no backward one where no error signal comes back.
    """

    source: Node
    group: Group
    uses: tuple[Use, ...]
    forward: str
    backward: str = ""
    contribution: Any = field(default=None, repr=False)


def links(context: Context) -> list[Link]:
    """All connections of a picture with the keys of their arrows: forward ones, then backward ones."""
    found = [
        Link(one.uses[0].source, context.grouping.groups[one.target], one.uses, f"a{i}")
        for i, one in enumerate(connections(context.graph, context.grouping))
    ]
    _add_backward(context, found)
    return found


def _add_backward(context: Context, found: list[Link]) -> None:
    """Number those that an error signal comes back along, in the order of the sweep."""
    if context.signals is None:
        return
    of = {use: link for link in found for use in link.uses}
    number = len(found)
    for event in context.signals.order:
        link = of.get(event) if isinstance(event, Use) else None
        if link is None:
            continue
        if not link.backward:
            link.backward = f"a{number}"
            number += 1
        part = context.signals.contributions[event]  # type: ignore[index]
        link.contribution = part if link.contribution is None else part + link.contribution


def forward_arrow(context: Context, formulas: Formulas, c: Link, *, local_derivatives: bool) -> Arrow:
    """The arrow of a use."""
    use, shape = c.uses[0], np.shape(context.array(c.source))
    labels: list[Line] = []
    shown = context.example_shape(shape)
    if shown and np.size(context.array(c.source)) > 1 and c.source.kind not in ("constant", "parameter"):
        text = shape_text(shown) if context.layers or len(shown) > 1 else str(shown)
        labels.append(Line((plain(text, "value", bold=True),), SMALL, "value"))
    stretched = _stretched(context, use)
    if stretched and not context.layers:
        labels.append(Line((plain(f"broadcast {shape} → {stretched}", "muted", detail=True),), SMALL, "value"))
    if local_derivatives:
        labels += _local_derivative(context, formulas, c)
    is_detached = all(detached(context, use) for use in c.uses)
    if is_detached:
        labels.append(Line((plain("detached", "muted"),), SMALL, "value"))
    source, target = called(context, context.of[c.source]), called(context, c.group)
    text = f"{source} is used by {target}" + (f", shape {shape_text(shape)}" if shape else "")
    text += f", broadcast to {shape_text(stretched)}" if stretched else ""
    text += f", {len(c.uses)} times" if len(c.uses) > 1 else ""
    text += f"; {DETACHED}" if is_detached else ""
    return Arrow(
        c.forward,
        context.keys[context.of[c.source]],
        context.keys[c.group],
        labels=tuple(labels),
        port=_port(context, c),
        detached=is_detached,
        description=text,
    )


def backward_arrow(context: Context, formulas: Formulas, c: Link, *, values: bool = True) -> Arrow:
    """The arrow of what comes back from a use; without values the formula alone."""
    use, value = c.uses[0], c.contribution
    formula = formulas.contribution(use) if len(c.uses) == 1 and not context.layers else None
    labels = [Line(formula_spans(formula, "signal"), SMALL, "signal")] if formula is not None else []
    text = number(value) if np.ndim(value) == 0 else magnitude_text(value)
    spans = (plain(text, "signal", bold=np.ndim(value) == 0),)
    if values and [span.text for line in labels for span in line.spans] != [text]:  # L̄ = 1 is its own formula
        labels.append(Line(spans, SMALL, "signal"))
    summed = context.signals.summed.get(use) if context.signals is not None and len(c.uses) == 1 else None
    words = _summed_words(summed, np.shape(value)) if summed is not None else ""
    if words and not context.layers:
        labels.append(Line((plain(words, "muted", detail=True),), SMALL, "signal"))
    source, target = called(context, c.group), called(context, context.of[c.source])
    described = f"contribution of {source} to the error signal of {target}: "
    described += f"{isolated(write(formula))}{size_text(value)}" if formula is not None else text
    described += f", {words}" if words else ""
    return Arrow(
        c.backward,
        context.keys[c.group],
        context.keys[context.of[c.source]],
        "backward",
        tuple(labels),
        description=described,
    )


def _port(context: Context, c: Link) -> int | None:
    """The place of the argument, for a single operation on several arguments whose order matters."""
    nodes = [node for node in c.group.nodes if node.kind == "operation"]
    if len(nodes) != 1 or len(c.uses) != 1 or nodes[0].primitive in _COMMUTATIVE or c.group.kind == "layer":
        return None
    several = sum(nodes[0] is use.target for use in context.entering(c.group)) > 1  # others are in the formula
    return c.uses[0].position + 1 if several else None


def _stretched(context: Context, use: Use) -> tuple[int, ...] | None:
    """The shape that broadcasting gives a value; ``None`` if it has it already, and for single numbers."""
    shape, primitive = np.shape(context.array(use.source)), use.target.primitive
    if use.target is context.graph.failed or primitive is None or np.size(context.array(use.source)) < 2:
        return None
    target = np.shape(context.array(use.target))
    if context.signals is not None and use in context.signals.summed:
        return context.signals.summed[use]
    return target if primitive.elementwise and shape != target else None


def _summed_words(summed: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """``summed over axis 0``: what undoes broadcasting."""
    added = len(summed) - len(shape)
    axes = [*range(added), *(added + i for i, n in enumerate(shape) if n == 1 and summed[added + i] != 1)]
    if len(axes) == len(summed):
        return "summed over all elements"
    return f"summed over {'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}" if axes else ""


def _local_derivative(context: Context, formulas: Formulas, c: Link) -> list[Line]:
    """``∂z/∂w = x = 2``: the derivative of the consumer, for single numbers."""
    head = context.head(c.group)
    y, x = context.name(head), context.name(c.source)
    if context.signals is None or y is None or x is None or len(c.uses) != 1 or np.ndim(context.array(head)):
        return []
    derivative = formulas.derivative(c.uses[0])
    if derivative is None:
        return []
    sources = {use.source for use in context.entering(c.group) if use in context.signals.contributions}
    d = plain("∂" if len(sources) > 1 else "d")
    again = sum(use.source is c.source for use in context.entering(c.group)) > 1
    spans: list[Span] = [d, *name_spans(y), plain("/"), d, *name_spans(x)]
    spans += [plain(" of this use")] if again else []
    slope = formulas.slope(c.uses[0])
    numbers = [] if slope is None or isinstance(derivative, Constant) else [plain(f" = {number(slope)}", bold=True)]
    return [Line((*spans, plain(" = "), *formula_spans(derivative), *numbers), SMALL, "value")]
