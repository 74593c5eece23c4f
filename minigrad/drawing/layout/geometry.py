"""Is a scene well laid out? Checked by its coordinates alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from minigrad.drawing.scene import Image, Path, Scene, Text

__all__ = ["Rectangle", "bounds", "crossed", "faults", "flattened", "overlapping", "rectangle_of_text", "trespassers"]

_NONE = ("", "")
_TOUCH = 1.0  # lines that touch do not cross


class Rectangle(NamedTuple):
    """Left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle, by: float = _TOUCH) -> bool:
        """Whether both have an area in common that is wider and higher than `by`."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > by and high > by

    def contains(self, other: Rectangle) -> bool:
        """Whether the other one lies in this one."""
        return (
            self.left <= other.left + _TOUCH
            and self.top <= other.top + _TOUCH
            and self.right >= other.right - _TOUCH
            and self.bottom >= other.bottom - _TOUCH
        )


def crossed(areas: Sequence[Rectangle], points: Sequence[tuple[float, float]], by: float = _TOUCH) -> list[int]:
    """The indices of the rectangles that a line through these points crosses, deeper than `by` from their borders."""
    if not areas or len(points) < 2:
        return []
    corners = np.add(areas, (by, by, -by, -by))
    line = np.array(points)
    # most pieces are far from most rectangles: only the others are looked at closely
    low, high = np.minimum(line[:-1], line[1:])[:, None], np.maximum(line[:-1], line[1:])[:, None]
    piece, area = ((low < corners[:, 2:]) & (high > corners[:, :2])).all(axis=-1).nonzero()
    corners, start, step = corners[area], line[piece], np.diff(line, axis=0)[piece]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (corners[:, :2] - start) / step, (corners[:, 2:] - start) / step
    # along an axis on which a piece stands still it is inside: it would be far from the rectangle otherwise
    enter = np.where(step == 0, 0.0, np.minimum(one, other)).max(axis=-1)
    leave = np.where(step == 0, 1.0, np.maximum(one, other)).min(axis=-1)
    return [int(index) for index in np.unique(area[np.maximum(enter, 0.0) < np.minimum(leave, 1.0)])]


def overlapping(areas: Sequence[Rectangle], others: Sequence[Rectangle], by: float = _TOUCH) -> list[tuple[int, int]]:
    """The pairs of indices of rectangles that overlap, as `Rectangle.overlaps` has it."""
    if not areas or not others:
        return []
    one, other = np.array(areas)[:, None], np.array(others)
    common = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    return [(int(i), int(j)) for i, j in np.argwhere((common > by).all(axis=-1))]


def faults(scene: Scene) -> list[str]:
    """What is wrong with a scene, in words; an empty list if nothing is.

    No box overlaps another. All text and all maps of a box lie in it. No arrow runs through a box, or through the label
    of another arrow. No label lies on a box or on another label. Nothing lies outside the scene.
    """
    boxes = _boxes(scene)
    keys, areas = list(boxes), list(boxes.values())
    found = [f"box {keys[i]} overlaps box {keys[j]}" for i, j in overlapping(areas, areas) if i < j]
    labels: list[Text] = []
    whole = Rectangle(0, 0, scene.width, scene.height)
    for item in scene.items:
        if isinstance(item, Text | Image):
            place = rectangle_of_text(item) if isinstance(item, Text) else _rectangle_of_image(item)
            said = item.span.text if isinstance(item, Text) else item.description
            if item.key in boxes and not boxes[item.key].contains(place):
                found.append(f"{said!r} leaves its box {item.key}")
            if not whole.contains(place):
                found.append(f"{said!r} lies outside the picture")
            if isinstance(item, Text) and item.key not in boxes:
                labels.append(item)
    places = [rectangle_of_text(text) for text in labels]
    words = [text.span.text for text in labels]
    owners = [(text.key, text.part) for text in labels]
    found += [f"label {words[i]!r} lies on box {keys[j]}" for i, j in overlapping(places, areas)]
    pairs = [(i, j) for i, j in overlapping(places, places, 2.0) if i < j and owners[i] != owners[j]]
    found += [f"label {words[i]!r} lies on label {words[j]!r}" for i, j in pairs]
    return found + [f"arrow {key} runs through {what}" for key, what in _trespasses(scene, boxes, labels)]


def trespassers(scene: Scene) -> set[str]:
    """The keys of arrows that run through boxes or through labels of others."""
    boxes = _boxes(scene)
    labels = [item for item in scene.items if isinstance(item, Text) and item.key not in boxes]
    return {key for key, _ in _trespasses(scene, boxes, labels)}


def _trespasses(scene: Scene, boxes: dict[str, Rectangle], labels: list[Text]) -> Iterator[tuple[str, str]]:
    """Keys of arrows, and what they run through."""
    keys, areas, places = list(boxes), list(boxes.values()), [rectangle_of_text(text) for text in labels]
    for item in scene.items:
        if isinstance(item, Path) and item.part == "line" and item.key:
            points = flattened(item)
            for i in crossed(areas, points, 2.5):
                yield item.key, f"box {keys[i]}"
            for i in crossed(places, points, 1.5):
                if labels[i].key != item.key:
                    yield item.key, f"label {labels[i].span.text!r} of {labels[i].key}"


def _boxes(scene: Scene) -> dict[str, Rectangle]:
    """The rectangle of each box, with everything of its outline."""
    boxes: dict[str, Rectangle] = {}
    for item in scene.items:
        if isinstance(item, Path) and item.part == "outline" and scene.groups.get(item.key, _NONE)[0] == "box":
            place = bounds(flattened(item))
            old = boxes.get(item.key, place)
            boxes[item.key] = Rectangle(*map(min, old[:2], place[:2]), *map(max, old[2:], place[2:]))
    return boxes


def bounds(points: list[tuple[float, float]]) -> Rectangle:
    """The smallest rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def rectangle_of_text(text: Text) -> Rectangle:
    """The letters of a run: from the height of a capital to below a p."""
    return Rectangle(text.x, text.y - 0.74 * text.size, text.x + text.width, text.y + 0.21 * text.size)


def _rectangle_of_image(image: Image) -> Rectangle:
    return Rectangle(image.x, image.y, image.x + image.width, image.y + image.height)


def flattened(path: Path, pieces: int = 12) -> list[tuple[float, float]]:
    """Points along a path, straight lines between which are as good as its curves."""
    points: list[tuple[float, float]] = []
    for name, *numbers in path.commands:
        if name in "ML":
            points.append((numbers[0], numbers[1]))
        elif name == "C":
            x0, y0 = points[-1]
            x1, y1, x2, y2, x3, y3 = numbers
            for index in range(1, pieces + 1):
                t = index / pieces
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points
