"""From the rows of a box to its size, and to the items that it is drawn with.

Where its rows stand (`Place`) is chosen by `arrange`, which tries what fits the screen best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from minigrad.drawing.layout.boxes.columns import MAP_MARGIN, RULE, Place, Placed, arranged
from minigrad.drawing.layout.boxes.runs import runs
from minigrad.drawing.layout.boxes.shapes import Shape, outline, shape_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Box, Line, Row, Rule, Span
from minigrad.drawing.scene import Image, Item, Path

__all__ = ["Measured", "box_items", "measure"]

_PADDING = 10.0, 7.0


@dataclass(frozen=True)
class Measured:
    """A box with its size, and its rows in their places from its upper left corner."""

    box: Box
    shape: Shape
    width: float
    height: float
    rows: tuple[Placed, ...]


def measure(box: Box, place: Place = "below", padding: tuple[float, float] = _PADDING) -> Measured:
    """The size of a box, and where its rows stand in it."""
    shape = shape_of(box)
    if box.times > 1:
        box = replace(box, rows=_repeated(box))
    width, height, rows = arranged(box.rows, place)
    first = next((row for row in box.rows if isinstance(row, Line)), None)
    if first is not None and shape.corner:
        width = max(width, line_width(first) + (2 if first.centered else 1) * shape.corner)
        if place in ("beside", "halves", "columns") and any(placed.x > 0 for placed in rows):
            width += shape.corner  # what stands at the right may reach up to it
    width, height = max(width, 24.0), max(height, 14.0)
    rows = [replace(placed, width=width) if placed.width < 0 else placed for placed in rows]
    dx, dy = padding[0] + shape.ring, padding[1] + shape.ring + shape.behind
    placed_rows = tuple(Placed(placed.row, placed.x + dx, placed.y + dy, placed.width) for placed in rows)
    return Measured(
        box,
        shape,
        round(width + 2 * dx + shape.behind, 1),
        round(height + dy + padding[1] + shape.ring, 1),
        placed_rows,
    )


def _repeated(box: Box) -> tuple[Row, ...]:
    """The rows with ×4 behind the first line."""
    first = next((index for index, row in enumerate(box.rows) if isinstance(row, Line)), None)
    times = Span(f"  ×{box.times}", "muted", bold=True)
    if first is None:
        return (Line((times,)), *box.rows)
    line = box.rows[first]
    assert isinstance(line, Line)
    return (*box.rows[:first], replace(line, spans=(*line.spans, times)), *box.rows[first + 1 :])


def box_items(measured: Measured, x: float, y: float) -> Iterator[Item]:
    """The items of a box whose upper left corner is at (x, y)."""
    box, shape = measured.box, measured.shape
    yield from outline(box.key, shape, x, y, measured.width, measured.height)
    for placed in measured.rows:
        row, left, top = placed.row, x + placed.x, y + placed.y
        if isinstance(row, Line):
            left += (placed.width - line_width(row)) / 2 if row.centered else 0
            yield from runs(row, left, top, box.key, row.part)
        elif isinstance(row, Rule):
            middle = round(top + RULE / 2, 2)
            commands = (("M", round(left, 2), middle), ("L", round(left + placed.width, 2), middle))
            yield Path(commands, f"{shape.colors}.line", width=1.2, key=box.key, part=row.part)
        else:
            height, width = row.rgba.shape[0] * row.cell, row.rgba.shape[1] * row.cell
            left = round(left + (placed.width - width) / 2, 2)
            yield Image(left, round(top + MAP_MARGIN, 2), width, height, row.rgba, row.description, box.key, row.part)
