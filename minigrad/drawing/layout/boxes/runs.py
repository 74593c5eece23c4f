"""Lines of text as runs in their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from minigrad.drawing.layout.text_width import line_width, span_size, span_width, text_width
from minigrad.drawing.picture import Line
from minigrad.drawing.scene import Text

__all__ = ["block_size", "line_height", "runs", "runs_of_lines"]

_LEADING = 1.3  # room for a bar above and a subscript below
_BASE_LINE = 0.99  # of the size, below the top of the line
_SHIFTS = {"": 0.0, "sub": 0.22, "super": -0.36}


def line_height(line: Line) -> float:
    """The height of a line, with what stands between it and the next."""
    return round(_LEADING * line.size, 2)


def block_size(lines: tuple[Line, ...]) -> tuple[float, float]:
    """Width and height of lines below one another."""
    return max(map(line_width, lines), default=0.0), sum(map(line_height, lines))


def runs(line: Line, x: float, top: float, key: str, part: str) -> Iterator[Text]:
    """The runs of a line whose upper left corner is given. Blanks at the ends of a run are room, not text."""
    for span in line.spans:
        size = span_size(span, line.size)
        text = span.text.strip(" ")
        if text:
            before = text_width(" " * (len(span.text) - len(span.text.lstrip(" "))), size, span.bold)
            base = top + (_BASE_LINE + _SHIFTS[span.script]) * line.size
            width = text_width(text, size, span.bold)
            yield Text(_round(x + before), _round(base), width, size, replace(span, text=text), key, part)
        x += span_width(span, line.size)


def runs_of_lines(lines: tuple[Line, ...], center: float, top: float, key: str, part: str) -> Iterator[Text]:
    """The runs of lines below one another, each centred at `center`."""
    for line in lines:
        yield from runs(line, center - line_width(line) / 2, top, key, part)
        top += line_height(line)


def _round(number: float) -> float:
    return round(number, 2)
