"""The ends of arrows on the borders of boxes: off the corners, and apart from one another."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from minigrad.drawing.layout.arrows.curves import Curve, Point, point_at

__all__ = ["Side", "border_of", "borders", "spread"]

_APART = 5.0  # between the outermost lines of two bundles
_FURTHEST = 24.0  # an end is moved no further
_LOOK_BACK = 30.0  # how far from its end it is seen where an arrow comes from


class Side(NamedTuple):
    """A box: where it is, and how far from its corners arrows may end."""

    left: float
    top: float
    width: float
    height: float
    corner: float


@dataclass
class _End:
    """An end of a bundle on a border: which curve and end, its place along the border, half of what it takes,
    and where along the border it comes from, by which ends are put in order.
    """

    key: str
    last: bool
    place: float
    half: float
    order: float


def spread(
    curves: dict[str, Curve], thickness: dict[str, float], ends: dict[str, tuple[Side, Side]]
) -> dict[str, Curve]:
    """The same curves with their ends moved along the borders of the boxes, so that none lies over another.

    Arguments:
        curves: of bundles, from the border of the source to that of the target.
        thickness: how wide each bundle is.
        ends: the boxes at the source and the target of each.
    """
    found_on: dict[tuple[Side, str], list[_End]] = defaultdict(list)
    for key, curve in curves.items():
        for last, box in enumerate(ends[key]):
            inwards = curve[::-1] if last else curve
            border, along = border_of(inwards[0], box)
            order = point_at(inwards, _LOOK_BACK)[along]
            found_on[box, border].append(_End(key, bool(last), inwards[0][along], thickness[key] / 2, order))
    moved = dict(curves)
    for (box, border), found in found_on.items():
        along = 0 if border in ("top", "bottom") else 1
        start, size = (box.left, box.width) if along == 0 else (box.top, box.height)
        found.sort(key=lambda end: (end.order, end.place, end.key))
        corner = min(box.corner, size / 2)
        for end, place in zip(found, _apart(found, start + corner, start + size - corner), strict=True):
            shift = min(max(place - end.place, -_FURTHEST), _FURTHEST)
            moved[end.key] = _with_end(moved[end.key], along, shift, end.last)
    return moved


def borders(box: Side) -> dict[str, float]:
    """Where the borders are."""
    return {"left": box.left, "right": box.left + box.width, "top": box.top, "bottom": box.top + box.height}


def border_of(point: Point, box: Side) -> tuple[str, int]:
    """The border next to a point, and which coordinate runs along it."""
    x, y = point
    line = borders(box)
    # beyond a corner the border is the one that it is further beyond
    outside = {
        "left": line["left"] - x,
        "right": x - line["right"],
        "top": line["top"] - y,
        "bottom": y - line["bottom"],
    }
    border = max(outside, key=lambda name: outside[name])
    return border, 0 if border in ("top", "bottom") else 1


def _apart(ends: list[_End], low: float, high: float) -> list[float]:
    """Places in the same order, as near as may be to the old ones, that keep a distance while there is room."""
    halves = [end.half for end in ends]
    needed = sum(2 * half + _APART for half in halves) - _APART
    shrink = min(1.0, (high - low) / needed) if needed > 0 else 1.0
    halves, gap = [half * shrink for half in halves], _APART * shrink
    # blocks of ends that touch, each with its mean displacement
    blocks: list[list[int]] = []
    starts: list[float] = []
    for index, end in enumerate(ends):
        blocks.append([index])
        starts.append(min(max(end.place - halves[index], low), max(low, high - 2 * halves[index])))
        while len(blocks) > 1 and starts[-2] + _length(blocks[-2], halves, gap) + gap > starts[-1]:
            last = blocks.pop()
            blocks[-1] += last
            starts.pop()
            wanted, offset = 0.0, 0.0
            for member in blocks[-1]:
                wanted += ends[member].place - halves[member] - offset
                offset += 2 * halves[member] + gap
            start = wanted / len(blocks[-1])
            starts[-1] = min(max(start, low), max(low, high - _length(blocks[-1], halves, gap)))
    places = []
    for block, start in zip(blocks, starts, strict=True):
        for member in block:
            places.append(start + halves[member])
            start += 2 * halves[member] + gap
    return places


def _length(block: list[int], halves: list[float], gap: float) -> float:
    return sum(2 * halves[member] for member in block) + gap * (len(block) - 1)


def _with_end(curve: Curve, along: int, shift: float, last: bool) -> Curve:
    """The curve with one end moved along one coordinate; the straight piece at that end moves as a whole."""
    if not shift:
        return curve
    if last:
        return _with_end(curve[::-1], along, shift, False)[::-1]
    dx, dy = (shift, 0.0) if along == 0 else (0.0, shift)
    count = 5 if len(curve) > 4 and math.dist(curve[0], curve[3]) <= 24 else 2
    return [*((x + dx, y + dy) for x, y in curve[:count]), *curve[count:]]
