"""The candidates: left to right, top to bottom, in rows, with maps in several places; the most promising first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from minigrad.drawing.layout.arrows.bundles import Bundle, bundles_of
from minigrad.drawing.layout.boxes.columns import Place
from minigrad.drawing.layout.boxes.measure import Measured, measure
from minigrad.drawing.layout.problems import Direction, Plan, plan_of
from minigrad.drawing.layout.quality import READABLE, screen, smallest_font
from minigrad.drawing.layout.rows import Steps, divisions, steps_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Line, Map, Picture

__all__ = ["NO_LABELS", "SHORT_LABELS", "expected_size", "plans"]

#: What was left out beside arrows, in words.
SHORT_LABELS = "long formulas beside arrows are left out"
NO_LABELS = "what stands beside arrows is left out"

_WIDE = 110.0  # pixels: lines beside arrows that may be left out are wider
_MOST_ROWS = 9
_LARGE = 350  # boxes and arrows
_FEW_ARROWS = 12
_NEARLY = 0.8  # of the font that can be read: estimates of ways without rows are not better than that
_PRICES = (0.0, 150.0)  # pixels of width that it is worth to cut where an arrow less crosses


_MAP_PLACES: tuple[Place, ...] = ("paired", "beside")
_COLUMNS: tuple[Place, ...] = ("halves", "columns")


class _Effort(NamedTuple):
    """How much is tried, for pictures with so many boxes and arrows.

    Attributes:
        ways: so many of the most promising ones.
        closer: so many of them with boxes closer together, and leaves in two columns, as `variants` say.
        roomy: so many of them with more room, where there are more arrows than a few.
        short: so many with shorter labels.
    """

    size: float
    ways: int
    closer: int
    variants: tuple[tuple[int, int | None], ...]
    roomy: int
    short: int
    hasty: bool = False


_EFFORTS = (
    _Effort(30, 8, 4, ((1, 0), (2, None), (3, None), (3, 0)), 0, 4),
    _Effort(80, 8, 5, ((1, None), (1, 0), (1, 1), (2, None), (2, 0), (2, 1)), 2, 3),
    _Effort(140, 4, 2, ((1, None), (1, 0), (2, None), (2, 0)), 2, 1),
    _Effort(350, 2, 1, ((1, None),), 1, 0),
    _Effort(float("inf"), 1, 0, (), 0, 0, hasty=True),
)


class _Way(NamedTuple):
    """What is tried, with an estimate of the scale at which it fits the screen."""

    scale: float
    measured: list[Measured]
    steps: Steps
    direction: Direction
    cuts: tuple[int, ...]


def plans(picture: Picture, aspect: tuple[float, float] | None, *, columns: bool = False) -> list[Plan]:
    """All candidates, the most promising first; one of them from left to right without an `aspect`.

    The last ones are for the case that text would be too small otherwise: wide lines beside arrows are left out.

    Arguments:
        columns: whether boxes may be wide and low, with value and error signal to the right of the name.
    """
    size = len(picture.boxes) + len(picture.arrows)
    effort = next(effort for effort in _EFFORTS if size <= effort.size)
    if columns:
        tightest = ((3, None),) if effort.closer and (3, None) not in effort.variants else ()
        effort = effort._replace(short=0, variants=effort.variants + tightest)  # the next picture has short labels
    if effort.hasty:
        return _plans(_with_labels(picture, 0), aspect, effort, columns, (NO_LABELS,))
    found = _plans(picture, aspect, effort, columns)
    short = _with_labels(picture, _WIDE)
    if aspect and effort.short and short != picture:
        found += _plans(short, aspect, effort._replace(ways=effort.short, roomy=0), columns, (SHORT_LABELS,))
    return found


def _plans(
    picture: Picture,
    aspect: tuple[float, float] | None,
    effort: _Effort,
    columns: bool,
    notes: tuple[str, ...] = (),
) -> list[Plan]:
    bundles = bundles_of(picture)
    ways = _all_ways(picture, bundles, aspect, columns)
    enough = _NEARLY * READABLE / smallest_font(picture)
    ways.sort(key=lambda way: (bool(way.cuts) or way.scale < enough, -way.scale))
    found: list[Plan] = []
    for index, way in enumerate(ways[: effort.ways]):
        lay = partial(plan_of, picture, bundles, *way[1:], notes=notes, hasty=effort.hasty)
        found.append(lay())
        if aspect and index < effort.closer:
            found += [lay(closer=closer, staggered=staggered) for closer, staggered in effort.variants]
        if aspect and index < effort.roomy and len(bundles) > _FEW_ARROWS:
            found += [lay(closer=-1), lay(closer=-2)]
    return found


def expected_size(picture: Picture, aspect: tuple[float, float], *, columns: bool) -> float:
    """About the size of the smallest text, before Graphviz is asked; infinite for pictures that take long."""
    if len(picture.boxes) + len(picture.arrows) > _LARGE:
        return float("inf")
    ways = _all_ways(picture, bundles_of(picture), aspect, columns)
    return max(way.scale for way in ways) * smallest_font(picture)


def _all_ways(picture: Picture, bundles: list[Bundle], aspect: tuple[float, float] | None, columns: bool) -> list[_Way]:
    has_maps = any(isinstance(row, Map) for box in picture.boxes for row in box.rows)
    places: list[Place] = ["below"]
    if aspect:
        places += [*(_MAP_PLACES if has_maps else ()), *(_COLUMNS if columns else ())]
    return [
        way
        for place in places
        for way in _ways(picture, [measure(box, place) for box in picture.boxes], bundles, aspect)
    ]


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
