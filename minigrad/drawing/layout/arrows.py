"""The line, head and marks of an arrow along its way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from minigrad.drawing.layout.graphviz.problem import Curve, Point
from minigrad.drawing.picture import Arrow
from minigrad.drawing.scene import Item, Path

__all__ = ["Commands", "arrow_items", "curve_commands", "head", "joined", "moved", "polyline"]

Commands = tuple[tuple[Any, ...], ...]

_WIDTH = 2.2
_HEAD = 12.0
_BEND = 8.0  # radius of the corners of a polyline


def arrow_items(arrow: Arrow, commands: Commands, base: Point, tip: Point) -> Iterator[Item]:
    """The line along `commands`, and a head from `base` to `tip`."""
    yield Path(commands, arrow.kind, "", _WIDTH, dashed=arrow.kind == "backward", key=arrow.key, part="line")
    yield head(arrow.kind, base, tip, arrow.key)


def head(kind: str, base: Point, tip: Point, key: str = "") -> Path:
    """The head of an arrow: a triangle forward, a vee backward."""
    length = math.dist(base, tip) or 1.0
    dx, dy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length
    half, notch = (4.8, 0.0) if kind == "forward" else (5.5, 5.0)
    back = tip[0] - _HEAD * dx, tip[1] - _HEAD * dy
    corners = [tip, (back[0] - half * dy, back[1] + half * dx)]
    if notch:
        corners.append((back[0] + notch * dx, back[1] + notch * dy))
    corners.append((back[0] + half * dy, back[1] - half * dx))
    return Path((*polyline(corners, 0), ("Z",)), "", kind, 0, key=key, part="head")


def curve_commands(curve: Curve) -> Commands:
    """A curve of Graphviz's as commands."""
    first, *others = curve.points
    pieces = [others[index : index + 3] for index in range(0, len(others) - 2, 3)]
    return (("M", *first), *(("C", *a, *b, *c) for a, b, c in pieces))


def polyline(points: list[Point], bend: float = _BEND) -> Commands:
    """Straight pieces with rounded corners."""
    commands: list[tuple[Any, ...]] = [("M", *_rounded(points[0]))]
    for index in range(1, len(points)):
        before, here = points[index - 1], points[index]
        if index + 1 == len(points) or not bend:
            commands.append(("L", *_rounded(here)))
            continue
        after = points[index + 1]
        start = _towards(here, before, bend)
        end = _towards(here, after, bend)
        commands += [("L", *_rounded(start)), ("C", *_rounded(here), *_rounded(here), *_rounded(end))]
    return tuple(commands)


def joined(parts: list[Commands]) -> Commands:
    """One line along several, each of which starts where the one before it ends."""
    first, *others = parts
    return (*first, *(command for part in others for command in part[1:]))


def moved(commands: Commands, dx: float, dy: float) -> Commands:
    """The same line elsewhere."""
    return tuple(
        (name, *(round(number + (dy if index % 2 else dx), 2) for index, number in enumerate(numbers)))
        for name, *numbers in commands
    )


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point at a distance from `start`, at most halfway to `end`."""
    length = math.dist(start, end)
    share = min(0.5, distance / length) if length else 0.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _rounded(point: Point) -> Point:
    return round(point[0], 2), round(point[1], 2)
