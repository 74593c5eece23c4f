"""The outline of a box: each kind has a shape and a line of its own, so that no colour is needed to tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from minigrad.drawing.picture import Box
from minigrad.drawing.scene import Item, Path

__all__ = ["Shape", "outline", "rectangle", "shape_of"]

#: The side of a sheet's folded corner.
_FOLD = 14.0

_RING = 6.0  # from the outer line of a double outline to the inner one
_BEHIND = 6.0  # how far the boxes behind a stack stand out

_Commands = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Shape:
    """What the outline of a box looks like.

    Attributes:
        colors: the first part of the theme's names.
        radius: of its corners.
        corner: the side of the folded corner, 0 without one.
        ring: the room that a double outline takes on each side.
        behind: the room that the boxes behind a stack take, above and to the right.
    """

    colors: str
    radius: float
    width: float
    dashed: bool = False
    corner: float = 0.0
    ring: float = 0.0
    behind: float = 0.0


_SHAPES = {
    "parameter": Shape("parameter", 0, 3.5),
    "layer": Shape("parameter", 0, 3.5),
    "given": Shape("given", 0, 1.6, corner=_FOLD),
    "constant": Shape("constant", 7, 1.4),
    "computed": Shape("computed", 12, 1.8),
    "operation": Shape("computed", 12, 1.8),
    "module": Shape("computed", 12, 1.8),
    "unrecorded": Shape("unrecorded", 12, 1.8, dashed=True),
    "failed": Shape("failed", 12, 3.5),
    "more": Shape("computed", 12, 1.8, behind=2 * _BEHIND),
}


def shape_of(box: Box) -> Shape:
    """The shape of a box: that of its kind, doubled for the root, stacked where it stands for repetitions."""
    shape = _SHAPES[box.kind]
    behind = 2 * _BEHIND if box.times > 1 or shape.behind else 0.0
    ring = _RING if box.root else 0.0
    return Shape(shape.colors, shape.radius, shape.width, shape.dashed, shape.corner, ring, behind)


def outline(key: str, shape: Shape, x: float, y: float, width: float, height: float) -> Iterator[Item]:
    """The outline of a box that takes all of this rectangle, back to front."""
    line, fill = f"{shape.colors}.line", f"{shape.colors}.fill"
    y, width, height = y + shape.behind, width - shape.behind, height - shape.behind
    for step in range(int(shape.behind / _BEHIND), 0, -1):
        moved = rectangle(x + step * _BEHIND, y - step * _BEHIND, width, height, shape.radius)
        yield Path(moved, line, fill, 1.2, key=key)
    if shape.ring:
        outer = rectangle(x, y, width, height, shape.radius + shape.ring if shape.radius else 0)
        yield Path(outer, line, fill, shape.width, key=key)
        x, y, width, height = x + shape.ring, y + shape.ring, width - 2 * shape.ring, height - 2 * shape.ring
    if shape.corner:
        yield Path(_sheet(x, y, width, height, shape.corner), line, fill, shape.width, key=key)
        fold = (
            (x + width - shape.corner, y),
            (x + width - shape.corner, y + shape.corner),
            (x + width, y + shape.corner),
        )
        yield Path(_polygon(fold)[:-1], line, "", shape.width, key=key)
    else:
        yield Path(rectangle(x, y, width, height, shape.radius), line, fill, shape.width, dashed=shape.dashed, key=key)


def rectangle(x: float, y: float, width: float, height: float, radius: float = 0) -> _Commands:
    """A rectangle, with rounded corners where there is a radius."""
    right, bottom = x + width, y + height
    if not radius:
        return _polygon(((x, y), (right, y), (right, bottom), (x, bottom)))
    radius = min(radius, width / 2, height / 2)
    bend = 0.45 * radius  # the control point of a quarter of a circle
    commands = (
        ("M", x + radius, y),
        ("L", right - radius, y),
        ("C", right - bend, y, right, y + bend, right, y + radius),
        ("L", right, bottom - radius),
        ("C", right, bottom - bend, right - bend, bottom, right - radius, bottom),
        ("L", x + radius, bottom),
        ("C", x + bend, bottom, x, bottom - bend, x, bottom - radius),
        ("L", x, y + radius),
        ("C", x, y + bend, x + bend, y, x + radius, y),
        ("Z",),
    )
    return tuple((name, *(round(number, 2) for number in numbers)) for name, *numbers in commands)


def _sheet(x: float, y: float, width: float, height: float, fold: float) -> _Commands:
    right, bottom = x + width, y + height
    return _polygon(((x, y), (right - fold, y), (right, y + fold), (right, bottom), (x, bottom)))


def _polygon(points: tuple[tuple[float, float], ...]) -> _Commands:
    first, *others = [(round(x, 2), round(y, 2)) for x, y in points]
    return (("M", *first), *(("L", *point) for point in others), ("Z",))
