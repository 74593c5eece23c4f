"""The candidates: left to right, top to bottom, in rows, with maps in several places; the most promising first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from minigrad.drawing.layout.arrows.bundles import Bundle, bundles_of
from minigrad.drawing.layout.boxes.measure import MapPlace, Measured, measure
from minigrad.drawing.layout.problems import Direction, Plan, plan_of
from minigrad.drawing.layout.rows import Steps, divisions, steps_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Line, Map, Picture

__all__ = ["NO_LABELS", "SHORT_LABELS", "plans", "screen"]

#: What was left out beside arrows, in words.
SHORT_LABELS = "long formulas beside arrows are left out"
NO_LABELS = "what stands beside arrows is left out"

_SMALL, _LARGE = 100, 350  # boxes and arrows: fewer candidates from here on; one, in haste
_WIDE = 110.0  # pixels: lines beside arrows that may be left out are wider
_MOST_ROWS = 9
_PROMISING = 5  # so many are tried closer together too, and with leaves in two columns
_CLOSER = ((1, None), (1, 0), (1, 1), (2, None), (2, 0), (2, 1))
_PRICES = (0.0, 150.0)  # pixels of width that it is worth to cut where an arrow less crosses


class _Way(NamedTuple):
    """What is tried, with an estimate of the scale at which it fits the screen."""

    scale: float
    measured: list[Measured]
    steps: Steps
    direction: Direction
    cuts: tuple[int, ...]


def screen(aspect: tuple[float, float]) -> tuple[float, float]:
    """The largest rectangle of this aspect on a screen of 1920 × 1080 pixels."""
    ratio = aspect[0] / aspect[1]
    return (1920.0, 1920 / ratio) if ratio >= 1920 / 1080 else (1080 * ratio, 1080.0)


def plans(picture: Picture, aspect: tuple[float, float] | None) -> list[Plan]:
    """All candidates, the most promising first; one of them from left to right without an `aspect`.

    The last ones are for the case that text would be too small otherwise: wide lines beside arrows are left out.
    """
    size = len(picture.boxes) + len(picture.arrows)
    if size > _LARGE:
        return _plans(_with_labels(picture, 0), aspect, 1, (NO_LABELS,))
    found = _plans(picture, aspect, 8 if size <= _SMALL else 3)
    short = _with_labels(picture, _WIDE)
    if aspect and short != picture:
        found += _plans(short, aspect, 4 if size <= _SMALL else 1, (SHORT_LABELS,))
    return found


def _plans(picture: Picture, aspect: tuple[float, float] | None, most: int, notes: tuple[str, ...] = ()) -> list[Plan]:
    bundles = bundles_of(picture)
    has_maps = any(isinstance(row, Map) for box in picture.boxes for row in box.rows)
    places: tuple[MapPlace, ...] = ("below", "paired", "beside") if has_maps and aspect else ("below",)
    ways = [
        way
        for place in places
        for way in _ways(picture, [measure(box, place) for box in picture.boxes], bundles, aspect)
    ]
    ways.sort(key=lambda way: -way.scale)
    found: list[Plan] = []
    for index, way in enumerate(ways[:most]):
        lay = partial(plan_of, picture, bundles, *way[1:], notes=notes, hasty=most == 1)
        found.append(lay())
        if aspect and most > 1 and index < _PROMISING:
            found += [lay(closer=closer, staggered=staggered) for closer, staggered in _CLOSER]
    return found


def _ways(
    picture: Picture, measured: list[Measured], bundles: list[Bundle], aspect: tuple[float, float] | None
) -> Iterator[_Way]:
    steps = steps_of(picture, measured, bundles)
    shapes: list[tuple[Direction, tuple[int, ...]]] = [("LR", ())]
    if aspect:
        shapes.append(("TB", ()))
        several = {cuts for price in _PRICES for cuts in divisions(steps, _MOST_ROWS, price)}
        shapes += [("LR", cuts) for cuts in sorted(several)]
    across, down = screen(aspect or (16, 9))
    for direction, cuts in shapes:
        width, height = steps.size_down() if direction == "TB" else steps.size(cuts)
        scale = min(across / (width + 16), down / (height + 64), 1.6) * 0.96 ** len(cuts)
        yield _Way(scale, measured, steps, direction, cuts)


def _with_labels(picture: Picture, widest: float) -> Picture:
    """With the lines beside arrows that are not wider than this; but each arrow keeps its narrowest line, unless 0."""

    def short(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        limit = max(widest, min(map(line_width, lines), default=0.0)) if widest else 0.0
        return tuple(line for line in lines if line_width(line) <= limit)

    return replace(picture, arrows=tuple(replace(arrow, labels=short(arrow.labels)) for arrow in picture.arrows))
