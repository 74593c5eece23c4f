"""The line and the head of an arrow along its curve."""

from __future__ import annotations

import math
from collections.abc import Iterator

from minigrad.drawing.layout.arrows.curves import Curve, Point, commands, point_at, straight
from minigrad.drawing.layout.arrows.ends import Side, border_of, borders
from minigrad.drawing.layout.graphviz.problem import HEAD
from minigrad.drawing.picture import Arrow
from minigrad.drawing.scene import Item, Path

__all__ = ["arrow_items", "head", "settled"]

_WIDTH = 2.2


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
    if arrow.detached:
        yield from _cut(arrow, curve)


def _cut(arrow: Arrow, curve: Curve) -> Iterator[Item]:
    """Two strokes across the line, close to its start: nothing comes back here."""
    x, y = point_at(curve, 14.0)
    further = point_at(curve, 20.0)
    length = math.dist((x, y), further) or 1.0
    dx, dy = (further[0] - x) / length, (further[1] - y) / length
    for step in (-2.5, 2.5):
        ends = [(x + step * dx + side * 6 * dy, y + step * dy - side * 6 * dx) for side in (1, -1)]
        yield Path(commands(straight(*ends)), arrow.kind, "", _WIDTH, key=arrow.key, part="line")


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


def settled(curve: Curve, middle: Curve, start: Side, end: Side) -> Curve:
    """The curve of one line with its ends on the borders that the middle of its bundle ends on, off the corners."""
    dx, dy = _to_border(curve[0], middle[0], start)
    count = _rigid(curve)
    curve = [*((x + dx, y + dy) for x, y in curve[:count]), *curve[count:]]
    dx, dy = _to_border(curve[-1], middle[-1], end)
    kept = len(curve) - _rigid(curve[::-1])
    return [*curve[:kept], *((x + dx, y + dy) for x, y in curve[kept:])]


def _rigid(curve: Curve) -> int:
    """How many points move with the first: a piece that is no longer than the head moves as a whole."""
    return 4 if len(curve) > 4 and math.dist(curve[0], curve[3]) <= 1.5 * HEAD else 2


def _to_border(point: Point, middle: Point, box: Side) -> Point:
    """From a point to the border that a bundle ends on."""
    border, along = border_of(middle, box)
    across = borders(box)[border]
    low, size = (box.left, box.width) if along == 0 else (box.top, box.height)
    corner = min(box.corner, size / 2)
    place = min(max(point[along], low + corner), low + size - corner)
    return (place - point[0], across - point[1]) if along == 0 else (across - point[0], place - point[1])


def _short_of(start: Point, end: Point, by: float = HEAD) -> Point:
    """The point on the line from `start` to `end` that is so far from its end."""
    length = math.dist(start, end)
    share = by / length if length else 0.0
    return end[0] - share * (end[0] - start[0]), end[1] - share * (end[1] - start[1])


def _straight_end(start: Point, end: Point) -> Curve:
    return [start, end, end]
