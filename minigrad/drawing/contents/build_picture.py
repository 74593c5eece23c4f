"""From a graph, its groups and its error signals to a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.drawing.contents.arrows import backward_arrow, forward_arrow, links
from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.events import events
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.marks import marks
from minigrad.drawing.contents.rows.boxes import box_rows
from minigrad.drawing.contents.signals import Signals
from minigrad.drawing.contents.words import box_text, picture_text
from minigrad.drawing.contents.writing.labels import label_name, label_texts
from minigrad.drawing.contents.writing.text import SMALL, plain, short
from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.grouping import Enclosure, Grouping
from minigrad.drawing.picture import Box, Frame, Line, Picture
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["build_picture"]


def build_picture(
    graph: Graph,
    grouping: Grouping,
    signals: Signals | None,
    walkthrough: Walkthrough | None,
    *,
    values: bool = True,
    local_derivatives: bool = False,
    saved: bool = False,
) -> Picture:
    """Everything that stands in the boxes and beside the arrows; nothing of it refers to the graph.

    Arguments:
        grouping: which nodes share a box.
        signals: what `error_signals` returned; with ``None`` the picture shows no backward pass.
        walkthrough: the derivation of the same graph, for its names and formulas.
        values: whether boxes show values and error signals.
        local_derivatives: whether forward arrows show the derivative of the consumer, for single numbers.
        saved: whether boxes show what operations keep for the backward pass.
    """
    with np.errstate(all="ignore"):  # NaN and infinity are marked
        return _Builder(Context(graph, grouping, signals, walkthrough)).picture(values, local_derivatives, saved)


class _Builder:
    """Puts the parts together."""

    def __init__(self, context: Context) -> None:
        self.context, self.formulas = context, Formulas(context)

    def picture(self, values: bool, local_derivatives: bool, saved: bool) -> Picture:
        context, formulas = self.context, self.formulas
        found = links(context)
        forward = [forward_arrow(context, formulas, c, local_derivatives=local_derivatives) for c in found]
        returning = sorted((c for c in found if c.backward), key=lambda c: int(c.backward[1:]))
        backward = [backward_arrow(context, formulas, c, values=values) for c in returning]
        title, description = picture_text(context)
        return Picture(
            self._boxes(values, saved),
            (*forward, *backward),
            tuple(map(_frame, context.grouping.enclosures)),
            events(context, formulas, found) if values else (),
            _notes(context),
            title,
            description,
        )

    def _boxes(self, values: bool, saved: bool) -> tuple[Box, ...]:
        context, warnings = self.context, marks(self.context)
        roots = {context.of[node] for node in context.graph.roots}
        return tuple(
            Box(
                context.keys[group],
                context.kind(group),
                box_rows(context, self.formulas, group, warnings, values=values, saved=saved),
                box_text(context, self.formulas, group),
                group in roots,
                group.enclosure,
                group.times,
            )
            for group in context.grouping.groups
        )


def _frame(enclosure: Enclosure) -> Frame:
    title = plain(_frame_title(enclosure.label), "muted")
    return Frame(Line((title,), SMALL), enclosure.outer, _frame_title(enclosure.label, 1000))


def _frame_title(label: Any, longest: int = 48) -> str:
    return short(": ".join(dict.fromkeys(filter(None, (label_name(label), ", ".join(label_texts(label)))))), longest)


def _notes(context: Context) -> tuple[Line, ...]:
    """How many examples, parameters and modules there are, and what was folded."""
    facts = []
    groups, nodes = context.grouping.groups, context.graph.nodes
    parameters = sum(np.size(context.array(node)) for node in nodes if node.kind == "parameter")
    if context.layers and context.examples:
        facts.append(f"{context.examples} example{'' if context.examples == 1 else 's'}")
    if parameters and any(np.ndim(context.array(node)) for node in nodes):
        facts.append(f"{parameters:,} parameter{'' if parameters == 1 else 's'}")
    if context.layers:
        called = dict.fromkeys(node.scope for node in nodes if node.scope is not None and node.kind == "operation")
        modules = [scope for scope in called if hasattr(scope.label, "named_parameters")]
        boxes = sum(group.kind in ("layer", "module") for group in groups)
        if modules and boxes:
            word = "module" if len(modules) == 1 else "modules"
            facts.append(f"{len(modules)} {word} in {boxes} box{'' if boxes == 1 else 'es'}")
    lines = [" · ".join(facts)] if facts else []
    return tuple(Line((plain(text, "muted"),), SMALL) for text in (*lines, *context.grouping.notes))
