"""What gets its place last, where nothing else is: titles of frames, and the places of arguments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from minigrad.drawing.layout.arrows.curves import Point
from minigrad.drawing.layout.boxes.runs import block_size, runs
from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.layout.geometry import Rectangle, bounds, crossed, flattened, rectangle_of_text
from minigrad.drawing.picture import Arrow, Line, Span
from minigrad.drawing.scene import Item, Path, Text

__all__ = ["Obstacles", "frame_title", "port_marks"]

_PORT, _CIRCLE = 16.0, 21.0  # sizes of the number of an argument, and of the circle around it
_DISTANCES = (20, 28, 38, 50, 66, 86, 110, 140)  # from the tip of an arrow
_STEP = 8.0


class Obstacles:
    """Boxes, texts and lines of arrows, around which there must be room."""

    def __init__(self, boxes: Iterable[Rectangle], items: Iterable[Item]) -> None:
        self.areas = list(boxes)
        self.lines: list[tuple[Rectangle, list[Point]]] = []  # with the area that each takes
        for item in items:
            self.add(item)

    def add(self, item: Item) -> None:
        """Nothing may lie over this item from now on."""
        if isinstance(item, Text):
            self.areas.append(rectangle_of_text(item))
        elif isinstance(item, Path) and item.part in ("line", "head"):
            points = flattened(item, 8)
            self.lines.append((bounds(points), points))

    def free(self, place: Rectangle) -> bool:
        """Whether nothing is there."""
        if any(area.overlaps(place, 0) for area in self.areas):
            return False
        return not any(area.overlaps(place, -1) and crossed([place], points, -1) for area, points in self.lines)


def frame_title(line: Line, x: float, y: float, width: float, key: str, obstacles: Obstacles) -> Iterator[Text]:
    """The title of a frame in the strip at its top: as far left as no arrow runs through it."""
    own, height = block_size((line,))
    start = left = x + 10
    while left + own < x + width - 6 and not obstacles.free(Rectangle(left, y + 4, left + own, y + 4 + height)):
        left += _STEP
    if left + own >= x + width - 6:
        left = start
    for text in runs(line, left, y + 4, key, "name"):
        obstacles.add(text)
        yield text


def port_marks(ports: Iterable[tuple[Arrow, Path, Point]], obstacles: Obstacles) -> Iterator[Item]:
    """The places of the arguments of one operation, ① and ②, each beside its arrow's line, close to its head.

    There are all of them or none: of some, nobody could tell whether the others do not matter.

    Arguments:
        ports: of each argument the arrow, its line, and the tip of its head.
    """
    places: list[tuple[Arrow, Rectangle]] = []
    for arrow, path, tip in ports:
        place = _beside(arrow, path, tip, obstacles, [taken for _, taken in places])
        if place is None:
            return
        places.append((arrow, place))
    for arrow, place in places:
        obstacles.areas.append(place)
        line = _port(arrow)
        width, height = block_size((line,))
        x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        circle = rectangle(place.left, place.top, place.right - place.left, place.bottom - place.top, _CIRCLE / 2)
        yield Path(circle, "muted", "", 1.2, key=arrow.key, part="port")
        yield from runs(line, x - width / 2, y - height / 2, arrow.key, "port")


def _port(arrow: Arrow) -> Line:
    return Line((Span(str(arrow.port), "muted"),), _PORT)


def _beside(arrow: Arrow, path: Path, tip: Point, obstacles: Obstacles, taken: list[Rectangle]) -> Rectangle | None:
    """Where there is room beside a line, as close to its head as may be; ``None`` if there is none."""
    width = max(_CIRCLE, block_size((_port(arrow),))[0] + 10)
    points = flattened(path, 10)
    for distance in _DISTANCES:
        center, (dx, dy) = _at_distance(points, tip, distance)
        for side in (1, -1):
            away = 4 + (abs(dy) * width + abs(dx) * _CIRCLE) / 2
            x, y = center[0] + side * away * dy, center[1] - side * away * dx
            place = Rectangle(x - width / 2, y - _CIRCLE / 2, x + width / 2, y + _CIRCLE / 2)
            if obstacles.free(place) and not any(place.overlaps(other, 0) for other in taken):
                return place
    return None


def _at_distance(points: list[Point], tip: Point, distance: float) -> tuple[Point, Point]:
    """A point of the line that is so far from its tip, and the line's direction there."""
    behind = tip
    for point in reversed(points):
        if math.dist(point, tip) >= distance:
            length = math.dist(point, behind) or 1.0
            share = (distance - math.dist(behind, tip)) / length
            share = min(max(share, 0.0), 1.0)
            dx, dy = (point[0] - behind[0]) / length, (point[1] - behind[1]) / length
            return (behind[0] + share * length * dx, behind[1] + share * length * dy), (-dx, -dy)
        behind = point
    length = math.dist(points[0], tip) or 1.0
    return points[0], ((tip[0] - points[0][0]) / length, (tip[1] - points[0][1]) / length)
