"""Below the picture: what shapes, arrows, colours of maps and words mean, of those that occur, and the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from minigrad.drawing.layout.arrows.curves import commands, straight
from minigrad.drawing.layout.arrows.lines import head
from minigrad.drawing.layout.boxes.measure import box_items, measure
from minigrad.drawing.layout.boxes.runs import block_size, runs
from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.picture import Box, Line, Map, Picture, Span
from minigrad.drawing.scene import Image, Item, Path, Text
from minigrad.drawing.theme import BLUE, MAGENTA, ORANGE

__all__ = ["LEGEND", "legend_items", "muted_line"]

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
#: The scales of maps: the colours at their ends and in between, and what these mean.
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_SCALES = {
    "signed": ((BLUE, _WHITE, ORANGE), "negative, 0, positive"),
    "grey": ((_WHITE, _BLACK), "0 … largest"),
    "range": ((_WHITE, _BLACK), "smallest … largest"),
}
_STRIP, _CELLS = 72.0, 9  # the width of a strip of colours, and how many it has
_RMS = "rms: root mean square, the usual size of an element"
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
    maps = [row for box in picture.boxes for row in box.rows if isinstance(row, Map)]
    for scale, (ends, meaning) in _SCALES.items():
        if any(row.scale == scale for row in maps):
            yield _key(_strip(ends), _STRIP, meaning)
    if any(row.broken for row in maps):
        yield _key(_strip((MAGENTA,)), _STRIP / _CELLS, "NaN or infinity")
    notes = [muted_line(text) for text in (_shown(maps), _RMS if _says_rms(picture) else "") if text]
    for note in (*notes, *picture.notes):
        width, height = block_size((note,))
        yield width, height, [*runs(note, 0, 0, "", "legend")]


def muted_line(text: str) -> Line:
    """A note of the legend, in one line."""
    return Line((Span(text.replace(" ", "\N{NO-BREAK SPACE}"), "muted"),), LEGEND)


def _key(rgba: Any, across: float, words: str) -> tuple[float, float, list[Item]]:
    """Colours of maps, and what they mean."""
    line = Line((Span(words),), LEGEND)
    width, height = block_size((line,))
    high = _STRIP / _CELLS
    top = round((height - high) / 2, 2)
    border = Path(rectangle(0, top, across, high), "muted", "", 1.0)
    colours = Image(0.0, top, across, high, rgba, words, part="legend")
    return across + 8 + width, height, [colours, border, *runs(line, across + 8, 0, "", "legend")]


def _strip(ends: tuple[tuple[int, int, int], ...]) -> Any:
    """One row of colours from end to end."""
    count = _CELLS if len(ends) > 1 else 1
    places = np.linspace(0, len(ends) - 1, count)
    channels = [np.interp(places, range(len(ends)), channel) for channel in zip(*ends, strict=True)]
    return np.rint(np.stack([*channels, np.full(count, 255.0)], axis=-1)).astype(np.uint8)[None]


def _shown(maps: list[Map]) -> str:
    """What maps show of their arrays, where that is not all."""
    parts = dict.fromkeys(chain.from_iterable(row.shows for row in maps))
    return f"maps: {', '.join(parts)}" if parts else ""


def _says_rms(picture: Picture) -> bool:
    rows = chain.from_iterable((*(box.rows for box in picture.boxes), *(arrow.labels for arrow in picture.arrows)))
    return any(
        "rms" in span.text.split("\N{NO-BREAK SPACE}") for row in rows if isinstance(row, Line) for span in row.spans
    )


def _moved(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Path):
        commands = tuple(
            (name, *(round(number + (dy if index % 2 else dx), 2) for index, number in enumerate(numbers)))
            for name, *numbers in item.commands
        )
        return replace(item, commands=commands)
    part = "legend" if isinstance(item, Text) else item.part
    return replace(item, x=round(item.x + dx, 2), y=round(item.y + dy, 2), part=part)
