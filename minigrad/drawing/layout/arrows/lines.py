"""The line and the head of an arrow along its curve."""

from __future__ import annotations

import math
from collections.abc import Iterator

from minigrad.drawing.layout.arrows.curves import Curve, Point, commands
from minigrad.drawing.layout.graphviz.problem import HEAD
from minigrad.drawing.picture import Arrow
from minigrad.drawing.scene import Item, Path

__all__ = ["Side", "arrow_items", "head", "settled"]

_WIDTH = 2.2

#: Left, top, width and height of a box, and how far from its corners arrows may end.
Side = tuple[float, float, float, float, float]


def arrow_items(arrow: Arrow, curve: Curve) -> Iterator[Item]:
    """The arrow along a curve from border to border, in its own direction."""
    tip, before = curve[-1], curve[-4]
    if math.dist(before, tip) <= 1.5 * HEAD:
        base, line = before, curve[:-3]
    else:
        base = _short_of(curve[-2] if math.dist(curve[-2], tip) > 1 else before, tip)
        line = [*curve[:-1], base]
    if len(line) > 1:
        inside = _short_of(base, tip, HEAD - 3)
        line = [*line, *_straight_end(line[-1], inside)]
    yield Path(commands(line), arrow.kind, "", _WIDTH, dashed=arrow.kind == "backward", key=arrow.key, part="line")
    yield head(arrow.kind, base, tip, arrow.key)


def head(kind: str, base: Point, tip: Point, key: str = "") -> Path:
    """The head of an arrow that comes from `base`: a triangle forward, a vee backward."""
    length = math.dist(base, tip) or 1.0
    dx, dy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length
    half, notch = (4.8, 0.0) if kind == "forward" else (5.5, 5.0)
    back = tip[0] - HEAD * dx, tip[1] - HEAD * dy
    corners = [tip, (back[0] - half * dy, back[1] + half * dx)]
    if notch:
        corners.append((back[0] + notch * dx, back[1] + notch * dy))
    corners.append((back[0] + half * dy, back[1] - half * dx))
    (x, y), *others = [(round(x, 2), round(y, 2)) for x, y in corners]
    return Path((("M", x, y), *(("L", *corner) for corner in others), ("Z",)), "", kind, 0, key=key, part="head")


def settled(curve: Curve, start: Side | None, end: Side | None) -> Curve:
    """The curve with its ends on the borders of the boxes, off their corners."""
    if start:
        dx, dy = _to_border(curve[0], start)
        curve = [*((x + dx, y + dy) for x, y in curve[:2]), *curve[2:]]
    if end:
        dx, dy = _to_border(curve[-1], end)
        # the last piece may be no longer than the head: it moves as a whole
        count = 4 if len(curve) > 4 and math.dist(curve[-4], curve[-1]) <= 1.5 * HEAD else 2
        kept = len(curve) - count
        curve = [*curve[:kept], *((x + dx, y + dy) for x, y in curve[kept:])]
    return curve


def _to_border(point: Point, side: Side) -> Point:
    """From a point to the nearest on the border of a box."""
    left, top, width, height, corner = side
    x, y = point
    right, bottom = left + width, top + height
    corner = min(corner, width / 2, height / 2)
    across = min(max(x, left + corner), right - corner), min(max(y, top + corner), bottom - corner)
    candidates = [(left, across[1]), (right, across[1]), (across[0], top), (across[0], bottom)]
    nearest = min(candidates, key=lambda one: math.dist(one, point))
    return nearest[0] - x, nearest[1] - y


def _short_of(start: Point, end: Point, by: float = HEAD) -> Point:
    """The point on the line from `start` to `end` that is so far from its end."""
    length = math.dist(start, end)
    share = by / length if length else 0.0
    return end[0] - share * (end[0] - start[0]), end[1] - share * (end[1] - start[1])


def _straight_end(start: Point, end: Point) -> Curve:
    return [start, end, end]
