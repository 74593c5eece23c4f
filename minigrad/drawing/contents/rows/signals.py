"""The rows of an error signal: its contributions and their sum, or its size and its map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.rows.maps import Shown
from minigrad.drawing.contents.rows.values import array_rows
from minigrad.drawing.contents.writing.spans import spans_of_name
from minigrad.drawing.contents.writing.text import SMALL, USUAL, name_spans, plain, sum_text
from minigrad.drawing.graph.nodes import Node
from minigrad.drawing.picture import Line, Row, Span
from minigrad.notation import Name, number

__all__ = ["addends", "signal_rows"]

_MOST_ADDENDS = 3
_COLUMNS = 24  # characters of a sum
_NO_BREAK = "\N{NO-BREAK SPACE}"


def signal_rows(
    context: Context,
    node: Node,
    name: Name | None,
    called: str,
    *,
    centered: bool,
    shown: Shown,
    in_numbers: bool = True,
) -> list[Row]:
    """The error signal of a value, with its sum where several uses contribute to it; without the line above it."""
    signal = context.signal(node)
    lead = name_spans(name.bar, "signal") if name is not None else (plain("error signal", "signal"),)
    parts = addends(context, node)
    if len(parts) > 1 and np.ndim(signal) == 0:
        return _sum_rows(lead, name, parts, signal, centered)
    rows = array_rows(
        signal,
        part="signal",
        description=f"{called}, error signal",
        lead=lead,
        centered=centered,
        shown=shown,
        in_numbers=in_numbers,
    )
    if len(parts) > 1 and isinstance(rows[0], Line):
        *before, last = rows[0].spans
        text = f"  sum of {len(parts)}"
        ends = (last, plain(text, "muted", scale=SMALL / USUAL))
        opens_matrix = last.text.endswith("=")
        rows[0] = replace(rows[0], spans=(*before, *(ends[::-1] if opens_matrix else ends)))
    return rows


def addends(context: Context, node: Node) -> list[Any]:
    """The contributions to an error signal, in the order of the uses."""
    if context.signals is None:
        return []
    found = context.signals.contributions
    return [found[use] for use in context.used.get(node, ()) if use in found]


def _sum_rows(lead: tuple[Span, ...], name: Name | None, parts: list[Any], signal: Any, centered: bool) -> list[Row]:
    """``w̄ = −0.2926 + 0.05``, and below it ``= −0.2426``; of many contributions only how many there are."""
    total = plain(f" = {number(signal)}", "signal")
    text = sum_text(parts)
    if len(parts) > _MOST_ADDENDS or len(text) > _COLUMNS:
        return [Line((*lead, total), part="signal", centered=centered), _count(len(parts), centered)]
    letters = sum(len(span.text) for span in spans_of_name(name) if not span.script) if name is not None else 0
    indent = _NO_BREAK * 2 * letters
    lines = (*lead, plain(f" = {text}", "signal")), (plain(indent, "signal"), total) if not centered else (total,)
    return [Line(spans, part="signal", centered=centered) for spans in lines]


def _count(n: int, centered: bool) -> Line:
    return Line((plain(f"sum of {n}", "muted"),), SMALL, "signal", centered)
