"""What gets its place last, where nothing else is: titles of frames, and the places of arguments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from minigrad.drawing.layout.arrows.curves import Point
from minigrad.drawing.layout.boxes.runs import block_size, runs
from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.layout.geometry import Rectangle, bounds, crossed, flattened, rectangle_of_text
from minigrad.drawing.picture import Arrow, Line, Span
from minigrad.drawing.scene import Item, Path, Text

__all__ = ["Obstacles", "Port", "frame_title", "port_marks"]

_PORT = 16.0  # the size of the number of an argument,
_CIRCLE, _ON_LINE = 21.0, 18.0  #: and of the circle around it, which is smaller where it lies on its line
_NEAR, _FAR = (20, 28, 38), (50, 66, 86, 110, 140)  # distances from the tip of an arrow
_STEP = 8.0


class Obstacles:
    """Boxes, texts and lines of arrows, around which there must be room."""

    def __init__(self, boxes: Iterable[Rectangle], items: Iterable[Item]) -> None:
        self.areas = list(boxes)
        self.lines: list[tuple[str, Rectangle, list[Point]]] = []  # with the keys of arrows, and the area of each
        for item in items:
            self.add(item)

    def add(self, item: Item) -> None:
        """Nothing may lie over this item from now on."""
        if isinstance(item, Text):
            self.areas.append(rectangle_of_text(item))
        elif isinstance(item, Path) and item.part in ("line", "head"):
            points = flattened(item, 8)
            self.lines.append((item.key, bounds(points), points))

    def free(self, place: Rectangle, own: str = "") -> bool:
        """Whether nothing is there but the line of the arrow with this key."""
        if any(area.overlaps(place, 0) for area in self.areas):
            return False
        by = 0.0 if own else -1.0  # the two lines of a pair are close together
        return not any(
            key != own and area.overlaps(place, by) and crossed([place], points, by) for key, area, points in self.lines
        )


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


class Port(NamedTuple):
    """The place of an argument: its arrow, the line and the tip of the head, and the area of the label, if any."""

    arrow: Arrow
    line: Path
    tip: Point
    label: Rectangle | None = None


def port_marks(ports: Iterable[Port], obstacles: Obstacles) -> Iterator[Item]:
    """The places of the arguments of one operation, ① and ②, each close to the head of its arrow.

    They stand beside the lines or their labels; where one of them has no room there, all lie on their lines. There are
    all of them or none: of some, nobody could tell whether the others do not matter.
    """
    ports = list(ports)
    beside = _places(ports, obstacles, on_line=False)
    found = beside or _places(ports, obstacles, on_line=True)
    for (arrow, *_), place in zip(ports, found, strict=False):
        obstacles.areas.append(place)
        line = _port(arrow)
        width, height = block_size((line,))
        x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        circle = rectangle(place.left, place.top, place.right - place.left, place.bottom - place.top, _CIRCLE / 2)
        yield Path(circle, "muted", "" if beside else "background", 1.2, key=arrow.key, part="port")
        yield from runs(line, x - width / 2, y - height / 2, arrow.key, "port")


def _places(ports: list[Port], obstacles: Obstacles, *, on_line: bool) -> list[Rectangle]:
    """A place for each; none if one has no room."""
    places: list[Rectangle] = []
    for port in ports:
        place = next(
            (
                place
                for place in _candidates(port, on_line)
                if obstacles.free(place, port.arrow.key if on_line else "")
                and not any(place.overlaps(other, 0) for other in places)
            ),
            None,
        )
        if place is None:
            return []
        places.append(place)
    return places


def _port(arrow: Arrow) -> Line:
    return Line((Span(str(arrow.port), "muted"),), _PORT)


def _candidates(port: Port, on_line: bool) -> Iterator[Rectangle]:
    """Places beside a line or its label, or on the line, those closest to its head first."""
    height = _ON_LINE if on_line else _CIRCLE
    width = max(height, block_size((_port(port.arrow),))[0] + 10)
    points = flattened(port.line, 10)

    def along(distances: Iterable[int]) -> Iterator[Rectangle]:
        for distance in distances:
            center, (dx, dy) = _at_distance(points, port.tip, distance)
            for side in (0,) if on_line else (1, -1):
                away = side * (4 + (abs(dy) * width + abs(dx) * height) / 2)
                x, y = center[0] + away * dy, center[1] - away * dx
                yield Rectangle(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    yield from along(_NEAR)
    if port.label is not None and not on_line:
        y = (port.label.top + port.label.bottom) / 2
        for left in (port.label.right + 5, port.label.left - 5 - width):
            yield Rectangle(left, y - height / 2, left + width, y + height / 2)
    yield from along(_FAR)


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
