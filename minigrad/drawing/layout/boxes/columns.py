"""The rows of a box below one another, or in columns side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from minigrad.drawing.layout.boxes.runs import line_height
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Line, Map, Row, Rule

__all__ = ["MAP_MARGIN", "RULE", "Columns", "Place", "Placed", "arranged", "without_double_rules"]

#: Where a box says what: everything below one another; maps side by side below the text; maps to the right of the text;
#: value and error signal to the right of the name; name, value and error signal side by side.
Place = Literal["below", "paired", "beside", "halves", "columns"]

#: The height of a line across the box, and the room above and below a map.
RULE, MAP_MARGIN = 9.0, 4.0

_GAP = 14.0  # between columns
_MANY_LINES = 3  # from here on text can stand beside maps


@dataclass(frozen=True)
class Placed:
    """A row, with the upper left corner and the width of the column that it stands in.

    A width of −1 stands for that of the box, which may still grow.
    """

    row: Row
    x: float
    y: float
    width: float


#: Width, height, and the rows in their places.
Columns = tuple[float, float, list[Placed]]


def arranged(rows: tuple[Row, ...], place: Place) -> Columns:
    """The rows in their places; below one another where there is nothing to put elsewhere."""
    if place in ("halves", "columns"):
        return _side_by_side([_column(without_double_rules(part)) for part in _parts(rows, place)])
    text, blocks = _split(rows)
    few = len(blocks) < 2 if place == "paired" else sum(isinstance(row, Line) for row in text) < _MANY_LINES
    if place == "below" or not blocks or few:
        return _column(rows)
    if place == "paired":
        return _paired(rows, blocks)
    left = _column(without_double_rules(text))
    right = _column([row for block in blocks for row in block])
    return _side_by_side([left, right])


def _size(row: Row) -> tuple[float, float]:
    if isinstance(row, Line):
        return line_width(row), line_height(row)
    if isinstance(row, Rule):
        return 0.0, RULE
    return row.rgba.shape[1] * row.cell, row.rgba.shape[0] * row.cell + 2 * MAP_MARGIN


def _column(rows: Sequence[Row]) -> Columns:
    placed, y = [], 0.0
    for row in rows:
        placed.append(Placed(row, 0.0, y, -1.0))
        y += _size(row)[1]
    return max((_size(row)[0] for row in rows), default=0.0), y, placed


def _side_by_side(columns: list[Columns]) -> Columns:
    """Columns side by side, each centred between the top and the bottom of the highest."""
    if len(columns) == 1:
        return columns[0]
    height = max((column[1] for column in columns), default=0.0)
    x, placed = 0.0, []
    for width, own, rows in columns:
        top = (height - own) / 2
        placed += [Placed(one.row, x, one.y + top, width) for one in rows]
        x += width + _GAP
    return max(x - _GAP, 0.0), height, placed


def _parts(rows: tuple[Row, ...], place: Place) -> list[list[Row]]:
    """The rows of each column: the name, then value and error signal, in one column or two."""
    column = {"name": 0, "value": 1, "signal": 1 if place == "halves" else 2}
    parts: list[list[Row]] = [[], [], []]
    for row in rows:
        parts[column[row.part]].append(row)
    return [part for part in parts if part]


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


def _paired(rows: tuple[Row, ...], blocks: list[list[Row]]) -> Columns:
    """The rows, with the maps side by side at the place of the first."""
    members = {id(row) for block in blocks for row in block}
    first = next(index for index, row in enumerate(rows) if id(row) in members)
    above = list(rows[:first])
    below = without_double_rules([row for row in rows[first:] if id(row) not in members], below=bool(above))
    parts = [_column(above), _side_by_side([_column(block) for block in blocks]), _column(below)]
    width = max(part[0] for part in parts)
    placed, y = [], 0.0
    for index, (own, height, part) in enumerate(parts):
        shift = (width - own) / 2 if index == 1 else 0.0
        placed += [Placed(one.row, one.x + shift, one.y + y, one.width) for one in part]
        y += height
    return width, y, placed


def without_double_rules(rows: Sequence[Row], *, below: bool = False) -> list[Row]:
    """Without rules that follow a rule, that nothing follows, or (unless they are `below` something) that are first."""
    kept: list[Row] = []
    for row in rows:
        if not (isinstance(row, Rule) and (isinstance(kept[-1], Rule) if kept else not below)):
            kept.append(row)
    while kept and isinstance(kept[-1], Rule):
        kept.pop()
    return kept
