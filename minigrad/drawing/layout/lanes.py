"""The ways of arrows from one row to another: round the boxes, never through them.

Such an arrow leaves its row on the right, turns down into the gap below the row, runs back to the left margin, and down
to the row that it enters on the left. Each has a lane of its own in the gap and in the margins.
"""

from __future__ import annotations

from dataclasses import dataclass

from minigrad.drawing.layout.boxes.runs import block_size
from minigrad.drawing.layout.graphviz.problem import Places, Point
from minigrad.drawing.picture import Arrow

__all__ = ["Lanes", "Way", "stack"]

_LANE = 14.0
_EDGE = 16.0  # between a row and the first lane


@dataclass(frozen=True)
class Way:
    """The way of an arrow between two rows: its corners, and the middle of its label."""

    points: list[Point]
    label: Point | None


@dataclass(frozen=True)
class Lanes:
    """Rows below one another.

    Attributes:
        offsets: where the upper left corner of each row is.
        ways: for each arrow between rows its way, by its key.
        size: width and height of everything.
    """

    offsets: list[Point]
    ways: dict[str, Way]
    size: tuple[float, float]


def stack(places: list[Places], crossing: list[tuple[Arrow, int, int]]) -> Lanes:
    """Put rows below one another, with room for the arrows between them."""
    entering = sorted(crossing, key=lambda one: (one[2], places[one[2]].boxes[f"{one[0].key}/in"][1]))
    margin = _margin_lanes(entering)
    left = _LANE * (max(margin.values()) + 1) + _EDGE if margin else 0.0
    offsets: list[Point] = []
    lane_y: dict[str, float] = {}
    lane_x: dict[str, float] = {}
    y = right = 0.0
    for row, place in enumerate(places):
        offsets.append((left, round(y, 2)))
        y += place.height
        # the arrow that enters last takes the uppermost lane, and so the outermost in the margin: no crossing there
        leaving = [arrow for arrow, start, _ in reversed(entering) if start == row]
        end = left + max([place.width, *(block_size(arrow.labels)[0] + 2 * _LANE for arrow in leaving)])
        right = max(right, end)
        y += _EDGE if leaving else 0.0
        for index, arrow in enumerate(leaving):
            y += max(_LANE, block_size(arrow.labels)[1] + 4 if arrow.labels else 0.0)
            lane_y[arrow.key] = y
            lane_x[arrow.key] = end + _EDGE + _LANE * index
            right = max(right, lane_x[arrow.key])
        y += _EDGE if row + 1 < len(places) else 0.0
    ways = {}
    for arrow, start, target in crossing:
        exit_x, exit_y = places[start].boxes[f"{arrow.key}/out"]
        entry_x, entry_y = places[target].boxes[f"{arrow.key}/in"]
        outer = left - _EDGE - _LANE * margin[arrow.key]
        lane, turn = lane_y[arrow.key], lane_x[arrow.key]
        points = [
            (exit_x + offsets[start][0], exit_y + offsets[start][1]),
            (turn, exit_y + offsets[start][1]),
            (turn, lane),
            (outer, lane),
            (outer, entry_y + offsets[target][1]),
            (entry_x + offsets[target][0], entry_y + offsets[target][1]),
        ]
        width, height = block_size(arrow.labels)
        label = (left + (turn - left) / 2, lane - height / 2 - 2) if width else None
        ways[arrow.key] = Way(points, label)
    return Lanes(offsets, ways, (right, y))


def _margin_lanes(entering: list[tuple[Arrow, int, int]]) -> dict[str, int]:
    """For each arrow the number of its lane in the left margin, from the inside: free along all rows that it passes."""
    lanes: dict[str, int] = {}
    taken: list[list[tuple[int, int]]] = []
    for arrow, start, end in entering:
        lane = next((i for i, used in enumerate(taken) if all(b <= start or end <= a for a, b in used)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, end))
        lanes[arrow.key] = lane
    return lanes
