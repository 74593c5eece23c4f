"""Is a scene well laid out? Checked by its coordinates alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from minigrad.drawing.scene import Image, Path, Scene, Text

__all__ = ["Rectangle", "bounds", "crossed", "faults", "flattened", "rectangle_of_text"]

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
    start, step = line[:-1, None], np.diff(line, axis=0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (corners[:, :2] - start) / step, (corners[:, 2:] - start) / step
    # along an axis on which a piece stands still it is inside everywhere, or nowhere
    still = np.broadcast_to(step == 0, one.shape)
    inside = (corners[:, :2] < start) & (start < corners[:, 2:])
    enter = np.where(still, np.where(inside, 0.0, np.inf), np.minimum(one, other)).max(axis=-1)
    leave = np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(one, other)).min(axis=-1)
    hit = np.maximum(enter, 0.0) < np.minimum(leave, 1.0)
    return [int(index) for index in np.flatnonzero(hit.any(axis=0))]


def faults(scene: Scene) -> list[str]:
    """What is wrong with a scene, in words; an empty list if nothing is.

    No box overlaps another. All text and all maps of a box lie in it. No arrow runs through a box, or through the label
    of another arrow. No label lies on a box or on another label. Nothing lies outside the scene.
    """
    boxes = _boxes(scene)
    found = [
        f"box {a} overlaps box {b}" for (a, one), (b, other) in combinations(boxes.items(), 2) if one.overlaps(other)
    ]
    labels: list[tuple[Text, Rectangle]] = []
    whole = Rectangle(0, 0, scene.width, scene.height)
    for item in scene.items:
        if isinstance(item, Text | Image):
            place = rectangle_of_text(item) if isinstance(item, Text) else _rectangle_of_image(item)
            words = item.span.text if isinstance(item, Text) else item.description
            if item.key in boxes and not boxes[item.key].contains(place):
                found.append(f"{words!r} leaves its box {item.key}")
            if not whole.contains(place):
                found.append(f"{words!r} lies outside the picture")
            if isinstance(item, Text) and item.key not in boxes:
                labels.append((item, place))
    for text, place in labels:
        found += [f"label {text.span.text!r} lies on box {key}" for key, box in boxes.items() if box.overlaps(place)]
    for (one, first), (other, second) in combinations(labels, 2):
        if first.overlaps(second, 2.0) and (one.key, one.part) != (other.key, other.part):
            found.append(f"label {one.span.text!r} lies on label {other.span.text!r}")
    keys, areas = list(boxes), list(boxes.values())
    for item in scene.items:
        if isinstance(item, Path) and item.part == "line" and item.key:
            points = flattened(item)
            found += [f"arrow {item.key} runs through box {keys[index]}" for index in crossed(areas, points, 2.5)]
            others = [one for one in labels if one[0].key != item.key]
            found += [
                f"arrow {item.key} runs through label {others[index][0].span.text!r} of {others[index][0].key or 'all'}"
                for index in crossed([place for _, place in others], points, 1.5)
            ]
    return found


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
