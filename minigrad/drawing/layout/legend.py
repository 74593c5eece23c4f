"""Below the picture: what shapes and arrows mean, of those that occur, and the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from minigrad.drawing.layout.arrows.curves import commands, straight
from minigrad.drawing.layout.arrows.lines import head
from minigrad.drawing.layout.boxes.measure import box_items, measure
from minigrad.drawing.layout.boxes.runs import block_size, runs
from minigrad.drawing.picture import Box, Line, Picture, Span
from minigrad.drawing.scene import Item, Path, Text

__all__ = ["LEGEND", "legend_items"]

#: The size of its letters.
LEGEND = 16.0

_GAP_X, _GAP_Y = 22.0, 10.0
_ARROW = 44.0

_KINDS = {
    "parameter": "parameter",
    "layer": "layer with parameters",
    "given": "given",
    "constant": "constant",
    "computed": "computed",
    "operation": "operation",
    "module": "layer without parameters",
    "unrecorded": "computed, not recorded",
    "failed": "failed",
    "more": "more of the same",
}
_ARROWS = {"forward": "forward: values", "backward": "backward: what each use adds to the error signal"}


def legend_items(picture: Picture, left: float, top: float, width: float) -> tuple[list[Item], float, float]:
    """The items, in lines that fit into the width where they can, the width they take, and their lower end."""
    entries = [*_entries(picture)]
    lines: list[list[tuple[float, float, list[Item]]]] = []
    used = 0.0
    for entry in entries:
        if not lines or used + _GAP_X + entry[0] > width:
            lines.append([])
            used = -_GAP_X
        lines[-1].append(entry)
        used += _GAP_X + entry[0]
    items: list[Item] = []
    widest, y = 0.0, top
    for line in lines:
        taken = sum(entry[0] for entry in line) + _GAP_X * (len(line) - 1)
        height = max(entry[1] for entry in line)
        widest = max(widest, taken)
        x = left + max(0.0, (width - taken) / 2)
        for own, own_height, parts in line:
            items += [_moved(part, x, y + (height - own_height) / 2) for part in parts]
            x += own + _GAP_X
        y += height + _GAP_Y
    return items, widest, y - _GAP_Y if lines else top


def _entries(picture: Picture) -> Iterator[tuple[float, float, list[Item]]]:
    """Width, height and items of each entry, from (0, 0)."""
    kinds = {box.kind for box in picture.boxes}
    for kind, name in _KINDS.items():
        if kind in kinds:
            measured = measure(Box("", kind, (Line((Span(name),), LEGEND),)), padding=(8.0, 2.0))
            yield measured.width, measured.height, list(box_items(measured, 0, 0))
    ways = {arrow.kind for arrow in picture.arrows}
    for kind, name in _ARROWS.items():
        if kind in ways:
            line = Line((Span(name),), LEGEND)
            width, height = block_size((line,))
            middle = height / 2
            start, end = ((0.0, middle), (_ARROW, middle))
            if kind == "backward":
                start, end = end, start
            back = (end[0] + (-10 if kind == "forward" else 10), middle)
            stroke = Path(commands(straight(start, back)), kind, "", 2.2, dashed=kind == "backward", part="line")
            words = [*runs(line, _ARROW + 8, 0, "", "legend")]
            yield _ARROW + 8 + width, height, [stroke, head(kind, start, end), *words]
    for note in picture.notes:
        width, height = block_size((note,))
        yield width, height, [*runs(note, 0, 0, "", "legend")]


def _moved(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Path):
        commands = tuple(
            (name, *(round(number + (dy if index % 2 else dx), 2) for index, number in enumerate(numbers)))
            for name, *numbers in item.commands
        )
        return replace(item, commands=commands)
    part = "legend" if isinstance(item, Text) else item.part
    return replace(item, x=round(item.x + dx, 2), y=round(item.y + dy, 2), part=part)
