"""Curves of cubic pieces: joined, moved, and beside one another."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["Commands", "Curve", "Point", "beside", "commands", "join", "move", "point_at", "polyline", "straight"]

Point = tuple[float, float]
#: A start, then three points for each piece, as in SVG.
Curve = list[Point]
Commands = tuple[tuple[Any, ...], ...]

_BEND = 10.0  # radius of the corners of a polyline


def straight(start: Point, end: Point) -> Curve:
    """A straight line as a curve."""
    return [start, _between(start, end, 1 / 3), _between(start, end, 2 / 3), end]


def polyline(points: list[Point]) -> Curve:
    """Straight pieces with rounded corners."""
    curve = [points[0]]
    for index in range(1, len(points)):
        before, here = points[index - 1], points[index]
        if index + 1 == len(points):
            curve += straight(curve[-1], here)[1:]
            continue
        start, end = _towards(here, before, _BEND), _towards(here, points[index + 1], _BEND)
        curve += straight(curve[-1], start)[1:]
        curve += [_between(start, here, 0.6), _between(end, here, 0.6), end]
    return curve


def join(curves: list[Curve]) -> Curve:
    """One curve along several, with straight lines where one does not start at the end of the one before."""
    joined = list(curves[0])
    for curve in curves[1:]:
        if math.dist(joined[-1], curve[0]) > 0.01:
            joined += straight(joined[-1], curve[0])[1:]
        joined += curve[1:]
    return joined


def move(curve: Curve, dx: float, dy: float) -> Curve:
    """The same curve elsewhere."""
    return [(x + dx, y + dy) for x, y in curve]


def beside(curve: Curve, distance: float) -> Curve:
    """A curve at a distance from this one: to the left of those who walk along it, as a screen shows it."""
    if not distance:
        return curve
    moved = []
    for index, (x, y) in enumerate(curve):
        piece, place = divmod(index, 3)
        if place == 0:
            # at a joint the direction is the mean of both sides
            before = _direction(curve, index, -1) if index else None
            after = _direction(curve, index, +1) if index + 1 < len(curve) else None
            dx, dy = _mean(before, after)
        else:
            start = 3 * piece + (0 if place == 1 else 3)
            dx, dy = _direction(curve, start, +1 if place == 1 else -1)
        moved.append((x + distance * dy, y - distance * dx))
    return moved


def commands(curve: Curve) -> Commands:
    """A curve as a path's commands; straight pieces as lines."""
    done: list[tuple[Any, ...]] = [("M", *_rounded(curve[0]))]
    for index in range(0, len(curve) - 1, 3):
        start, a, b, end = curve[index : index + 4]
        if _is_straight(start, a, b, end):
            done.append(("L", *_rounded(end)))
        else:
            done.append(("C", *_rounded(a), *_rounded(b), *_rounded(end)))
    return tuple(done)


def point_at(curve: Curve, distance: float) -> Point:
    """About the point that is so far from the start of the curve."""
    for index in range(3, len(curve), 3):
        if math.dist(curve[0], curve[index]) >= distance:
            start, a, b, end = curve[index - 3 : index + 1]
            for t in (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875):
                weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                x, y = (sum(w * p[i] for w, p in zip(weights, (start, a, b, end), strict=True)) for i in (0, 1))
                if math.dist(curve[0], (x, y)) >= distance:
                    return x, y
            return end
    return curve[-1]


def _is_straight(start: Point, a: Point, b: Point, end: Point) -> bool:
    length = math.dist(start, end) or 1.0
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return all(abs((x - start[0]) * dy - (y - start[1]) * dx) < 0.05 for x, y in (a, b))


def _direction(curve: Curve, index: int, side: int) -> Point:
    """The unit vector along the curve just before (−1) or just after (+1) a joint."""
    x, y = curve[index]
    for step in (1, 2, 3):
        other = curve[index + side * step]
        length = math.dist((x, y), other)
        if length > 0.01:
            return side * (other[0] - x) / length, side * (other[1] - y) / length
    return 1.0, 0.0


def _mean(before: Point | None, after: Point | None) -> Point:
    if before is None or after is None:
        return before or after or (1.0, 0.0)
    x, y = before[0] + after[0], before[1] + after[1]
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 0.01 else after


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point at a distance from `start`, at most halfway to `end`."""
    length = math.dist(start, end)
    return _between(start, end, min(0.5, distance / length) if length else 0.0)


def _rounded(point: Point) -> Point:
    return round(point[0], 2), round(point[1], 2)
