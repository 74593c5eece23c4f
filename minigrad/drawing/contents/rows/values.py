"""Values and error signals as rows: numbers, small matrices in full, larger arrays as shape, range and map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from minigrad.drawing.contents.rows.maps import Shown, map_of
from minigrad.drawing.contents.writing.text import SMALL, USUAL, is_uniform, magnitude_text, plain, shape_text
from minigrad.drawing.picture import Line, Role, Row, Span
from minigrad.notation import number
from minigrad.notation.values import squeezed

__all__ = ["array_rows", "in_full", "range_text", "value_text"]

_LARGEST = 4  # rows and columns of a matrix that is shown in full
_MOST_LINES = 3  # of an error signal: with four more below a value boxes are so high that a page has small text
_LONGEST_VECTOR = 6
_COLUMNS = 26  # characters in a line of numbers
_NO_BREAK = "\N{NO-BREAK SPACE}"  # half as wide as a digit, and as wide as a point
Part = Literal["name", "value", "signal"]


def array_rows(
    value: Any,
    *,
    part: Literal["value", "signal"],
    description: str,
    lead: Sequence[Span] = (),
    centered: bool = False,
    shown: Shown = "all",
    image: bool = False,
    in_numbers: bool = True,
) -> list[Row]:
    """The rows of a value or of an error signal.

    Arguments:
        description: of its map, in words.
        lead: what comes before it: the name of an error signal.
        shown, image: of its map.
        in_numbers: whether a small array is shown in full, in place of a map.
    """
    role: Role = "value" if part == "value" else "signal"
    array = np.asarray(value)
    start = (*lead, plain(" = ", role)) if lead else ()
    lines = in_full(array) if in_numbers or array.ndim == 0 else None
    if part == "signal" and lines is not None and len(lines) > _MOST_LINES:
        lines = None
    if lines is not None:
        if len(lines) == 1:
            return [Line((*start, plain(lines[0], role)), part=part, centered=centered)]
        above: list[tuple[Span, ...]] = [(*lead, plain(" =", role))] if lead else []
        rows = [*above, *((plain(line, role, detail=True),) for line in lines)]
        brief = _summary(array, part, lead)
        return [
            Line(spans, part=part, centered=centered, brief=() if index else brief) for index, spans in enumerate(rows)
        ]
    heading = Line(_summary(array, part, lead), USUAL if lead else SMALL, part=part, centered=centered)
    picture = map_of(array, description, signal=part == "signal", shown=shown, image=image)
    return [heading, picture] if picture is not None else [heading]


def _summary(array: Any, part: Literal["value", "signal"], lead: Sequence[Span]) -> tuple[Span, ...]:
    """Shape and range of a value, the size of an error signal."""
    if part == "signal":
        return (*lead, plain(f" {magnitude_text(array)}", "signal"))
    shape = plain(f"{array.size} numbers" if array.ndim == 1 else shape_text(array.shape), "value")
    return (shape, plain(f", {range_text(array)}", "value", detail=True) if array.size else plain(", empty", "value"))


def in_full(value: Any) -> list[str] | None:
    """The lines of a number, a short vector or a small matrix; ``None`` for larger arrays.

    >>> in_full([0.5, -2.0])
    ['[0.5, −2]']
    >>> [line.strip() for line in in_full([-1.095, 0.1234, 1.594, -0.9])]
    ['[−1.095, 0.1234,', '1.594, −0.9]']
    """
    array = squeezed(value)
    if array.ndim == 0:
        return [number(array)]
    if array.ndim == 1 and 0 < array.size <= _LONGEST_VECTOR:
        words = [f"{number(x)}," for x in array]
        middle = (len(words) + 1) // 2
        for parts in ([words], [words[:middle], words[middle:]]):
            lines = [" ".join(part) for part in parts]
            lines = [f"[{lines[0]}", *lines[1:]]
            lines[-1] = f"{lines[-1][:-1]}]"
            if max(map(len, lines)) <= _COLUMNS:
                return [lines[0], *(_NO_BREAK + line for line in lines[1:])]
        return None
    if array.ndim != 2 or not array.size or max(array.shape) > _LARGEST:
        return None
    cells = [[number(x) for x in row] for row in array]
    widths = [max(map(_half_digits, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = (_NO_BREAK * (n - _half_digits(text)) + text for text, n in zip(row, widths, strict=True))
        lines.append(f"[{(_NO_BREAK * 3).join(padded)}]")
    return lines if max(map(len, lines)) <= 2 * _COLUMNS else None


def _half_digits(text: str) -> int:
    """The width of a number: a point and a space are half as wide as a digit."""
    return sum(1 if c in ". " else 2 for c in text)


def range_text(value: Any, digits: int = 4) -> str:
    """``−0.2 … 0.3``: the smallest and largest finite element, or ``all 1``; of complex numbers, of their sizes."""
    array = np.asarray(value)
    size = "|z| " if array.dtype.kind == "c" else ""
    finite = np.abs(array) if size else array
    if not np.isfinite([finite.min(), finite.max()]).all():
        finite = finite[np.isfinite(finite)]
    if not finite.size:
        return "no finite number"
    low, high = (number(float(f"{x:.{digits}g}")) if digits < 4 else number(x) for x in (finite.min(), finite.max()))
    same = f"all {low}" if is_uniform(array) else low
    return size + (same if low == high else f"{low} … {high}")


def value_text(value: Any) -> str:
    """A value in words: the number, or shape, dtype and range."""
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array)
    return f"shape {shape_text(array.shape)}, {array.dtype}, {range_text(array) if array.size else 'empty'}"
