"""From the rows of a box to its size, and to the items that it is drawn with.

Maps can stand below the text, as the rows have it, side by side, or to the right of the text: `arrange` tries what fits
the screen best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from minigrad.drawing.layout.boxes.runs import line_height, runs
from minigrad.drawing.layout.boxes.shapes import Shape, outline, shape_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Box, Line, Map, Row, Rule, Span
from minigrad.drawing.scene import Image, Item, Path

__all__ = ["MapPlace", "Measured", "box_items", "measure"]

#: Where maps stand: below the text, side by side below the text, to the right of it.
MapPlace = Literal["below", "paired", "beside"]

_PADDING = 10.0, 7.0
_GAP = 14.0  # between columns
_MANY_LINES = 3  # from here on text can stand beside maps
_MANY_LINES = 3  # from here on text can stand beside maps
_RULE, _MAP_MARGIN = 9.0, 4.0


@dataclass(frozen=True)
class Placed:
    """A row, with the upper left corner and the width of the column that it stands in."""

    row: Row
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Measured:
    """A box with its size, and its rows in their places from its upper left corner."""

    box: Box
    shape: Shape
    width: float
    height: float
    rows: tuple[Placed, ...]


def measure(box: Box, maps: MapPlace = "below", padding: tuple[float, float] = _PADDING) -> Measured:
    """The size of a box, and where its rows stand in it."""
    shape = shape_of(box)
    if box.times > 1:
        box = replace(box, rows=_repeated(box))
    text, blocks = _split(box.rows)
    few = len(blocks) < 2 if maps == "paired" else sum(isinstance(row, Line) for row in text) < _MANY_LINES
    if maps == "below" or not blocks or few:
        width, height, rows = _column(box.rows)
    elif maps == "paired":
        width, height, rows = _paired(box.rows, blocks)
    else:
        left = _column(_without_double_rules(text))
        right = _column([row for block in blocks for row in block])
        width, height, rows = _columns([left, right])
    first = next((row for row in box.rows if isinstance(row, Line)), None)
    if first is not None and shape.corner:
        width = max(width, line_width(first) + (2 if first.centered else 1) * shape.corner)
    width, height = max(width, 24.0), max(height, 14.0)
    rows = [_stretched(placed, width) if placed.width < 0 else placed for placed in rows]
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
            middle = round(top + _RULE / 2, 2)
            commands = (("M", round(left, 2), middle), ("L", round(left + placed.width, 2), middle))
            yield Path(commands, f"{shape.colors}.line", width=1.2, key=box.key, part=row.part)
        else:
            height, width = row.rgba.shape[0] * row.cell, row.rgba.shape[1] * row.cell
            left = round(left + (placed.width - width) / 2, 2)
            yield Image(left, round(top + _MAP_MARGIN, 2), width, height, row.rgba, row.description, box.key, row.part)


def _size(row: Row) -> tuple[float, float]:
    if isinstance(row, Line):
        return line_width(row), line_height(row)
    if isinstance(row, Rule):
        return 0.0, _RULE
    return row.rgba.shape[1] * row.cell, row.rgba.shape[0] * row.cell + 2 * _MAP_MARGIN


_Column = tuple[float, float, list[Placed]]


def _column(rows: tuple[Row, ...] | list[Row]) -> _Column:
    """Rows below one another. A width of −1 stands for that of the column, which may still grow."""
    placed, y = [], 0.0
    for row in rows:
        placed.append(Placed(row, 0.0, y, -1.0))
        y += _size(row)[1]
    return max((_size(row)[0] for row in rows), default=0.0), y, placed


def _stretched(placed: Placed, width: float) -> Placed:
    return Placed(placed.row, placed.x, placed.y, width)


def _columns(columns: list[_Column]) -> _Column:
    """Columns side by side, each centred between the top and the bottom of the highest."""
    height = max(column[1] for column in columns)
    x, placed = 0.0, []
    for width, own, rows in columns:
        top = (height - own) / 2
        placed += [Placed(one.row, x, one.y + top, width) for one in rows]
        x += width + _GAP
    return x - _GAP, height, placed


def _split(rows: tuple[Row, ...]) -> tuple[list[Row], list[list[Row]]]:
    """The rows of text, and each map with the heading in front of it."""
    text: list[Row] = []
    blocks: list[list[Row]] = []
    for row in rows:
        if not isinstance(row, Map):
            text.append(row)
        elif text and isinstance(text[-1], Line) and text[-1].part == row.part and len(text) > 1:
            blocks.append([text.pop(), row])
        else:
            blocks.append([row])
    return text, blocks


def _paired(rows: tuple[Row, ...], blocks: list[list[Row]]) -> _Column:
    """The rows, with the maps side by side at the place of the first."""
    members = {id(row) for block in blocks for row in block}
    first = next(index for index, row in enumerate(rows) if id(row) in members)
    above = list(rows[:first])
    below = _without_double_rules([row for row in rows[first:] if id(row) not in members])
    parts = [_column(above), _columns([_column(block) for block in blocks]), _column(below)]
    width = max(part[0] for part in parts)
    placed, y = [], 0.0
    for index, (own, height, part) in enumerate(parts):
        shift = (width - own) / 2 if index == 1 else 0.0
        placed += [Placed(one.row, one.x + shift, one.y + y, one.width) for one in part]
        y += height
    return width, y, placed


def _without_double_rules(rows: list[Row]) -> list[Row]:
    """Without rules that follow a rule, or that nothing follows."""
    kept = [
        row
        for index, row in enumerate(rows)
        if not (isinstance(row, Rule) and index and isinstance(rows[index - 1], Rule))
    ]
    while kept and isinstance(kept[-1], Rule):
        kept.pop()
    return kept
