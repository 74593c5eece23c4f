"""The candidates: left to right, top to bottom, in rows, with maps in several places; the most promising first."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from minigrad.drawing.layout.arrows.bundles import bundles_of
from minigrad.drawing.layout.boxes.measure import MapPlace, Measured, measure
from minigrad.drawing.layout.problems import Direction, Plan, plan_of
from minigrad.drawing.layout.rows import Steps, best_cuts, steps_of
from minigrad.drawing.picture import Map, Picture

__all__ = ["plans", "screen"]

_MOST_ROWS = 9
_CLOSER = 5  # so many of the most promising ones are tried closer together too
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
    """All candidates, the most promising first; one of them from left to right without an `aspect`."""
    bundles = bundles_of(picture)
    size = len(picture.boxes) + len(bundles)
    most, hasty = (8, False) if size <= 100 else (3, False) if size <= 250 else (1, True)
    has_maps = any(isinstance(row, Map) for box in picture.boxes for row in box.rows)
    places: tuple[MapPlace, ...] = ("below", "paired", "beside") if has_maps and aspect else ("below",)
    ways: list[_Way] = []
    for place in places:
        measured = [measure(box, place) for box in picture.boxes]
        steps = steps_of(picture, measured, bundles)
        shapes: list[tuple[Direction, tuple[int, ...]]] = [("LR", ())]
        if aspect:
            shapes.append(("TB", ()))
            divisions = {best_cuts(steps, rows, price) for rows in range(2, _MOST_ROWS + 1) for price in _PRICES}
            shapes += [("LR", cuts) for cuts in sorted(filter(None, divisions))]
        for direction, cuts in shapes:
            width, height = steps.size_down() if direction == "TB" else steps.size(cuts)
            across, down = screen(aspect or (16, 9))
            scale = min(across / (width + 24), down / (height + 84), 1.6) * 0.96 ** len(cuts)
            ways.append(_Way(scale, measured, steps, direction, cuts))
    ways.sort(key=lambda way: -way.scale)
    found: list[Plan] = []
    for index, way in enumerate(ways[:most]):
        lay = partial(plan_of, picture, bundles, *way[1:], hasty=hasty)
        found.append(lay())
        if aspect and not hasty and index < _CLOSER:
            found += [lay(tight=True), lay(tight=True, staggered=True)]
    return found
