"""All rows of a box: what it is, its value, its error signal, and warnings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.formulas import Formulas
from minigrad.drawing.contents.marks import Mark
from minigrad.drawing.contents.rows.maps import Shown
from minigrad.drawing.contents.rows.signals import signal_rows
from minigrad.drawing.contents.rows.steps import operation_text
from minigrad.drawing.contents.rows.titles import title_rows
from minigrad.drawing.contents.rows.values import array_rows, range_text
from minigrad.drawing.contents.words import called
from minigrad.drawing.contents.writing.text import (
    SMALL,
    bytes_text,
    is_uniform,
    magnitude_text,
    name_spans,
    plain,
    shape_text,
    short,
)
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.levels.grouping import Group
from minigrad.drawing.picture import Line, Map, Row, Rule, Span
from minigrad.notation import Name

__all__ = ["box_rows"]

_LETTERS, _NORMALIZED = {"weight": "W", "bias": "b"}, {"weight": "γ", "bias": "β"}
_MOST_PARAMETERS, _MOST_LETTERS = 3, 5  # of a layer: each on a line, and all on one
_LAYERS = ("layer", "module", "more")


def box_rows(
    context: Context,
    formulas: Formulas,
    group: Group,
    marks: dict[Node, list[Mark]],
    *,
    values: bool,
    saved: bool,
) -> tuple[Row, ...]:
    """The rows of the box of a group."""
    head = context.head(group)
    rows = title_rows(context, formulas, group)
    if saved:
        rows += _saved_rows(context, group)
    if values:
        rows += _value_rows(context, group, head)
    elif not context.layers and np.ndim(context.array(head)):
        rows.append(Line((plain(shape_text(np.shape(context.array(head))), "muted"),), SMALL))
    rows += _mark_rows(context, group, head, marks, of_signal=False)
    below = _signal_rows(context, group, head) if values else []
    below += _mark_rows(context, group, head, marks, of_signal=True)
    if below:
        rows += [Rule(part="signal"), *below]
    return tuple(rows)


def _value_rows(context: Context, group: Group, head: Node) -> list[Row]:
    array = context.array(context.unfolded(head))
    is_title = context.name(head) is None and head.kind != "operation" and np.ndim(array) == 0
    if array is None or is_title or _is_many_leaves(group):
        return []
    description = f"{called(context, group)}, value"
    if not context.layers:
        shown: Shown = "filters" if group.kind == "parameter" else "all"
        return array_rows(array, part="value", description=description, shown=shown, image=head.kind == "given")
    rows = array_rows(
        array,
        part="value",
        description=description,
        centered=True,
        shown=_shown(context, array),
        image=head.kind == "given",
        in_numbers=group.kind not in _LAYERS,
    )
    if np.size(array) > 1 and (isinstance(rows[-1], Map) or (is_uniform(array) and group.kind in _LAYERS)):
        caption = plain(f"value {range_text(array, 2)}", "value")
        rows[0] = Line((caption,), SMALL, "value", centered=True)
    return [Rule(part="value"), *rows]


def _signal_rows(context: Context, group: Group, head: Node) -> list[Row]:
    signal = None if _is_many_leaves(group) else context.signal(head)
    rows: list[Row] = []
    if signal is not None and not context.layers:
        shown: Shown = "filters" if group.kind == "parameter" else "all"
        rows += signal_rows(context, head, context.name(head), called(context, group), centered=False, shown=shown)
    elif signal is not None:
        is_layer = group.kind in _LAYERS
        name = None if is_layer else context.name(head)
        node = context.unfolded(head) if is_layer else head
        shown = _shown(context, context.signal(node)) if group.kind != "parameter" else "filters"
        rows += signal_rows(
            context, node, name, called(context, group), centered=True, shown=shown, in_numbers=not is_layer
        )
        if len(rows) > 1 and isinstance(rows[-1], Map):
            rows[0] = Line((plain("error signal", "signal", detail=True),), SMALL, "signal", centered=True)
    if group.kind in (*_LAYERS, "computed", "operation"):
        below = _parameter_rows(context, group)
        rows += [Rule(part="signal"), *below] if rows and below else below
    return rows


def _is_many_leaves(group: Group) -> bool:
    """Whether it stands for several values, none of which can speak for the others."""
    return group.kind == "more" and not any(node.kind == "operation" for node in group.nodes)


def _shown(context: Context, array: Any) -> Shown:
    return "example" if np.ndim(array) > 1 and len(array) == context.examples else "all"


def _parameter_rows(context: Context, group: Group) -> list[Row]:
    """The sizes of the error signals of a layer's parameters."""
    found = [node for node in group.nodes if node.kind == "parameter" and context.signal(node) is not None]
    scales = {_path(node)[0] for node in found if _path(node)[1] == "weight" and np.ndim(context.array(node)) == 1}
    names = [_parameter_name(context, node, _path(node)[0] in scales) for node in found]
    if len(found) > _MOST_PARAMETERS or len(set(names)) < len(names):
        together = np.concatenate([np.ravel(context.signal(node)) for node in found])
        spans: tuple[Span, ...] = (plain("parameters", "signal"),)
        if len(set(names)) == len(names) <= _MOST_LETTERS:
            spans = tuple(span for name in names for span in (plain(", ", "signal"), *name_spans(name.bar, "signal")))[
                1:
            ]
        texts: list[tuple[tuple[Span, ...], Any]] = [(spans, together)]
    else:
        texts = [
            (name_spans(name.bar, "signal"), context.signal(node)) for name, node in zip(names, found, strict=True)
        ]
    return [
        Line((*spans, plain(f"  {magnitude_text(signal)}", "signal")), part="signal", centered=context.layers)
        for spans, signal in texts
    ]


def _path(node: Node) -> tuple[str, str]:
    """The path of the layer that a parameter belongs to, and its name in it."""
    layer, _, last = (node.name or "parameter").rpartition(".")
    return layer, last


def _parameter_name(context: Context, node: Node, normalized: bool) -> Name:
    """W and b, or γ and β of a layer with one weight for each channel, such as batch normalization."""
    last = _path(node)[1]
    return Name.parse((_NORMALIZED if normalized else _LETTERS).get(last, last), np.ndim(context.array(node)))


def _mark_rows(
    context: Context, group: Group, head: Node, marks: dict[Node, list[Mark]], *, of_signal: bool
) -> list[Row]:
    """Warnings about the value or the error signal; of a value inside the box, with its name."""
    found: dict[str, None] = {}
    for node in group.nodes:
        for mark in marks.get(node, ()):
            if mark.of_signal == of_signal and (node is head or not mark.text.startswith("dead")):
                found[mark.text + ("" if node is head else f", in {short(_called(context, node), 16)}")] = None
    part: Any = "signal" if of_signal else "value"
    return [Line((plain(text, "warning"),), SMALL, part, context.layers) for text in found]


def _called(context: Context, node: Node) -> str:
    name = context.name(node)
    if name is not None:
        return name.text
    return operation_text(node) if node.kind == "operation" else node.kind


def _saved_rows(context: Context, group: Group) -> list[Row]:
    """What the operations of a box keep until the backward pass: arrays that they were given or computed."""
    kept: dict[int, Any] = {}
    names: dict[str, None] = {}
    for node in group.nodes:
        if node.kind != "operation" or node.primitive is None or not node.gets_signal:
            continue
        for use in context.arguments.get(node, ()):
            if use.source.kind == "constant" and np.ndim(context.array(use.source)) == 0:
                continue
            kept[id(context.array(use.source))] = context.array(use.source)
            names[_called(context, use.source)] = None
        kept[id(context.array(node))] = context.array(node)
        names[_called(context, node)] = None
        for key in node.primitive.saves:
            for array in _arrays(node.params.get(key)):
                kept[id(array)] = array
                names[key] = None
    if not kept:
        return []
    size = bytes_text(sum(array.nbytes for array in kept.values() if array is not None))
    listed = len(names) <= 4 and not context.layers
    what = ", ".join(short(name, 12) for name in names) if listed else f"{len(kept)} values"
    return [Line((plain(f"keeps {what}: {size}", "muted"),), SMALL, centered=context.layers)]


def _arrays(value: Any) -> Iterable[Any]:
    """The arrays in what a forward pass saved."""
    if isinstance(value, tuple | list):
        return [array for part in value for array in _arrays(part)]
    return [value] if hasattr(value, "nbytes") else []
