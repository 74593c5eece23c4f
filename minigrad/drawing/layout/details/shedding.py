"""Ever fewer details, until the text of a picture is large enough: first what is missed least.

Nothing is lost for those who look for it: descriptions and the outline have everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from minigrad.drawing.layout.boxes.columns import without_double_rules
from minigrad.drawing.layout.legend import LEGEND, muted_line
from minigrad.drawing.picture import Arrow, Box, Line, Map, Picture, Row, Span

__all__ = ["Shed", "shed"]

_TITLE = 20.0  # the size of names where room is scarce; everything else is as small as the legend
_MAPS = 0.6  # of their size
_EVERYTHING = "values and error signals"


class Shed(NamedTuple):
    """A picture without some of its details.

    Attributes:
        columns: whether its boxes may be wide and low.
    """

    picture: Picture
    columns: bool


def shed(picture: Picture, *, names_alone: bool = True) -> list[Shed]:
    """The picture itself, then with wide boxes, smaller maps and names, and then with less and less in it.

    A note of the picture says what was left out.

    Arguments:
        names_alone: whether values and error signals are left out in the end, too.
    """
    current = _smaller(picture)
    found = [Shed(picture, columns=False), Shed(current, columns=True)]
    missing: list[str] = []
    for leave_out, what in _STEPS:
        before, current = current, leave_out(current)
        if current != before and (names_alone or what != _EVERYTHING):
            missing.append(what)
            found.append(Shed(replace(current, notes=(*current.notes, _note(missing))), columns=True))
    return found


def _note(missing: list[str]) -> Line:
    """What is missing, and why."""
    *first, last = [_EVERYTHING] if _EVERYTHING in missing else missing
    what = f"{', '.join(first)} and {last}" if first else last
    return muted_line(f"left out so that the text can be read: {what}")


def _smaller(picture: Picture) -> Picture:
    """Names hardly larger than the other text, and smaller maps."""

    def smaller(row: Row) -> Row:
        if isinstance(row, Map):
            return replace(row, cell=row.cell * _MAPS)
        return _evened(row) if isinstance(row, Line) else row

    return _with_rows(
        picture, lambda box: tuple(map(smaller, box.rows)), lambda arrow: tuple(map(_evened, arrow.labels))
    )


def _evened(line: Line) -> Line:
    size = _evened_size(line.size)

    def evened(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(replace(span, scale=_evened_size(line.size * span.scale) / size) for span in spans)

    return replace(line, size=size, spans=evened(line.spans), brief=evened(line.brief))


def _evened_size(size: float) -> float:
    return _TITLE if size > _TITLE else min(size, LEGEND)


def _without_maps(picture: Picture) -> Picture:
    """Without maps, and without headings of maps that say nothing else."""

    def rows(box: Box) -> tuple[Row, ...]:
        kept: list[Row] = []
        for row in box.rows:
            if not isinstance(row, Map):
                kept.append(row)
            elif kept and isinstance(kept[-1], Line) and all(span.detail for span in kept[-1].spans):
                kept.pop()
        return tuple(without_double_rules(kept))

    return _with_rows(picture, rows)


def _without_formulas(picture: Picture) -> Picture:
    """Without words on broadcasting; of a contribution only its number or its size."""

    def labels(arrow: Arrow) -> tuple[Line, ...]:
        kept = tuple(line for line in arrow.labels if not all(span.detail for span in line.spans))
        return kept if arrow.kind == "forward" else kept[-1:]

    return _with_rows(picture, labels=labels)


def _without_details(picture: Picture) -> Picture:
    """Without details, what is said twice, and frames around a single computed box."""

    def rows(box: Box) -> tuple[Row, ...]:
        return tuple(without_double_rules([short for row in box.rows if (short := _short(row))]))

    return _without_repetitions(_without_small_frames(_with_rows(picture, rows)))


def _short(row: Row) -> Row | None:
    """A row without its details; ``None`` if nothing else is in it."""
    if not isinstance(row, Line):
        return row
    spans = tuple(span for span in row.brief or row.spans if not span.detail)
    return replace(row, spans=spans) if spans else None


def _without_small_frames(picture: Picture) -> Picture:
    """Without frames in which there are a single computed box and no other frame."""
    count = [0] * len(picture.frames)
    for box in picture.boxes:
        if box.frame is not None and box.kind not in ("parameter", "given", "constant"):
            count[box.frame] += 1
    inner = {frame.outer for frame in picture.frames}
    kept = [k for k in range(len(picture.frames)) if count[k] > 1 or k in inner]
    number: dict[int | None, int | None] = {old: new for new, old in enumerate(kept)}

    def around(k: int | None) -> int | None:
        while k is not None and k not in number:
            k = picture.frames[k].outer
        return number.get(k)

    return replace(
        picture,
        frames=tuple(replace(picture.frames[k], outer=around(picture.frames[k].outer)) for k in kept),
        boxes=tuple(replace(box, frame=around(box.frame)) for box in picture.boxes),
    )


def _without_repetitions(picture: Picture) -> Picture:
    """Without what stands beside an arrow and in the box that it comes from, or that it goes to on the way back."""
    said = {box.key: " ".join(_text(row) for row in box.rows if isinstance(row, Line)) for box in picture.boxes}

    def labels(arrow: Arrow) -> tuple[Line, ...]:
        there = said[arrow.source if arrow.kind == "forward" else arrow.target]
        return tuple(line for line in arrow.labels if _text(line) not in there)

    return _with_rows(picture, labels=labels)


def _without_contributions(picture: Picture) -> Picture:
    return _with_rows(picture, labels=lambda arrow: arrow.labels if arrow.kind == "forward" else ())


def _names_alone(picture: Picture) -> Picture:
    """Names and formulas, in the boxes of what is given numbers too; no values, no error signals."""

    def rows(box: Box) -> tuple[Row, ...]:
        kept = [row for row in box.rows if row.part == "name" or _warns(row)]
        return tuple(without_double_rules(kept)) or box.rows

    return _with_rows(picture, rows)


def _warns(row: Row) -> bool:
    return isinstance(row, Line) and any(span.role == "warning" for span in row.spans)


_STEPS: tuple[tuple[Callable[[Picture], Picture], str], ...] = (
    (_without_maps, "maps"),
    (_without_formulas, "formulas beside arrows"),
    (_without_details, "numbers in arrays"),
    (_without_contributions, "contributions to error signals"),
    (_names_alone, _EVERYTHING),
)


def _text(line: Line) -> str:
    return "".join(span.text for span in line.spans).strip()


def _with_rows(
    picture: Picture,
    rows: Callable[[Box], Sequence[Row]] = lambda box: box.rows,
    labels: Callable[[Arrow], tuple[Line, ...]] = lambda arrow: arrow.labels,
) -> Picture:
    """The picture with other rows in its boxes, and other lines beside its arrows."""
    return replace(
        picture,
        boxes=tuple(replace(box, rows=tuple(rows(box))) for box in picture.boxes),
        arrows=tuple(replace(arrow, labels=labels(arrow)) for arrow in picture.arrows),
    )
