"""The ways of arrows from one row to another: round the boxes, never through them.

Such an arrow leaves its row on the right, turns down into the gap below the row, runs back to the left margin, and down
to the row that it enters on the left. Each has a lane of its own in the gap and in the margins.
"""

from __future__ import annotations

from dataclasses import dataclass

from minigrad.drawing.layout.arrows.bundles import Bundle
from minigrad.drawing.layout.arrows.curves import Curve, Point, polyline
from minigrad.drawing.layout.graphviz.problem import Places, Way

__all__ = ["Crossing", "Stack", "stack"]

_LANE = 12.0  # between lines
_EDGE = 8.0  # between a row and the first lane
_BETWEEN_LABELS = 14.0


@dataclass(frozen=True)
class Crossing:
    """Arrows from a box in one row to a box in a later row."""

    bundle: Bundle
    start: int
    end: int

    @property
    def exit(self) -> str:
        """The name of the port through which they leave a row."""
        return f"{self.bundle.key}/out"

    @property
    def entry(self) -> str:
        """The name of the port through which they enter a row."""
        return f"{self.bundle.key}/in"

    @property
    def label(self) -> tuple[float, float]:
        """Width and height of the labels side by side."""
        (a, b), (c, d) = self.bundle.labels
        return a + c + (_BETWEEN_LABELS if a and c else 0.0), max(b, d)


@dataclass(frozen=True)
class Stack:
    """Rows below one another.

    Attributes:
        offsets: where the upper left corner of each row is.
        ways: between the rows, by the keys of bundles.
        size: width and height of everything.
    """

    offsets: list[Point]
    ways: dict[str, Way]
    size: tuple[float, float]


def stack(places: list[Places], crossing: list[Crossing]) -> Stack:
    """Put rows below one another, with room for the arrows between them."""
    entering = sorted(crossing, key=lambda one: (one.end, places[one.end].boxes[one.entry][1]))
    margin = _margin_lanes(entering)
    left = max((x + one.bundle.thickness / 2 for one, x in zip(entering, margin, strict=True)), default=-_EDGE) + _EDGE
    outer = {one.bundle.key: left - _EDGE - x for one, x in zip(entering, margin, strict=True)}
    offsets: list[Point] = []
    lane: dict[str, float] = {}
    turn: dict[str, float] = {}
    y = right = 0.0
    for row, place in enumerate(places):
        offsets.append((left, round(y, 2)))
        y += place.height
        # what enters last takes the uppermost lane, and so the outermost in the margin: no crossing there
        leaving = [one for one in reversed(entering) if one.start == row]
        end = left + max([place.width, *(one.label[0] + 2 * _EDGE for one in leaving)])
        x = end + (_EDGE if leaving else 0.0)
        y += _EDGE if leaving else 0.0
        for one in leaving:
            half = one.bundle.thickness / 2
            y += one.label[1] + half + 2
            x += half
            lane[one.bundle.key], turn[one.bundle.key] = y, x
            right = max(right, x + half)
            y += half + (_LANE if not one.label[1] else 6)
            x += half + _LANE
        right = max(right, end)
        y += _EDGE if row + 1 < len(places) else 0.0
    ways = {
        one.bundle.key: _way(one, places, offsets, turn[one.bundle.key], lane[one.bundle.key], outer[one.bundle.key])
        for one in crossing
    }
    return Stack(offsets, ways, (right, y))


def _way(one: Crossing, places: list[Places], offsets: list[Point], turn: float, lane: float, outer: float) -> Way:
    exit_x, exit_y = places[one.start].boxes[one.exit]
    entry_x, entry_y = places[one.end].boxes[one.entry]
    (out_x, out_y), (in_x, in_y) = offsets[one.start], offsets[one.end]
    curve: Curve = polyline(
        [
            (exit_x + out_x, exit_y + out_y),
            (turn, exit_y + out_y),
            (turn, lane),
            (outer, lane),
            (outer, entry_y + in_y),
            (entry_x + in_x, entry_y + in_y),
        ]
    )
    width, height = one.label
    (forward, _), (backward, _) = one.bundle.labels
    start = (outer + turn - width) / 2
    middle = lane - one.bundle.thickness / 2 - 2 - height / 2
    return Way(curve, (start + forward / 2, middle), (start + width - backward / 2, middle))


def _margin_lanes(entering: list[Crossing]) -> list[float]:
    """How far outside each runs in the left margin, the first innermost: free along all rows that it passes."""
    lanes: list[float] = []
    for index, one in enumerate(entering):
        half = one.bundle.thickness / 2
        x = half
        for before, inner in zip(entering[:index], lanes, strict=True):
            if one.start < before.end and before.start < one.end:
                x = max(x, inner + before.bundle.thickness / 2 + _LANE + half)
        lanes.append(x)
    return lanes
