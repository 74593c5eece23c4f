"""From the places that Graphviz found to the scene."""

from __future__ import annotations

import math
from collections.abc import Iterator, Set
from typing import Literal

from minigrad.drawing.layout.annotations import Obstacles, Port, frame_title, port_marks
from minigrad.drawing.layout.arrows.curves import Curve, Point, beside, join, move
from minigrad.drawing.layout.arrows.ends import Side, spread
from minigrad.drawing.layout.arrows.lanes import Stack
from minigrad.drawing.layout.arrows.lines import arrow_items, settled
from minigrad.drawing.layout.boxes.measure import box_items
from minigrad.drawing.layout.boxes.runs import block_size, runs_of_lines
from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.layout.geometry import Rectangle, rectangle_of_text
from minigrad.drawing.layout.graphviz.problem import Places
from minigrad.drawing.layout.legend import legend_items
from minigrad.drawing.layout.problems import Plan
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Item, Path, Scene, Text

__all__ = ["assemble", "outer_size"]

_MARGIN = 4.0  # more than that of Graphviz
_TO_LEGEND = 8.0
_CLOSE = 0.2  # of the usual distance of two lines, where there is little room
_NARROWEST = 560.0  # a legend may be as wide as this


def outer_size(picture: Picture, rows: Stack) -> tuple[float, float]:
    """Width and height of the scene, with legend and margins."""
    width, height = rows.size
    legend, legend_width, bottom = legend_items(picture, 0, 0, max(width, _NARROWEST))
    width = max(width, legend_width)
    height += _TO_LEGEND + bottom if legend else 0.0
    return math.ceil(width + 2 * _MARGIN), math.ceil(height + 2 * _MARGIN)


def assemble(plan: Plan, places: list[Places], rows: Stack, careful: Set[str] = frozenset()) -> Scene:
    """Everything in its place: frames behind arrows behind boxes, with the legend below.

    The arrows in `careful` keep to the way that Graphviz found: the two lines of a pair are close together there, and
    their ends are not moved apart from others on the border of a box.
    """
    picture = plan.picture
    outer = outer_size(picture, rows)
    width, height = outer[0] - 2 * _MARGIN, rows.size[1]
    shift = max(0.0, (width - rows.size[0]) / 2)
    offsets = [(x + _MARGIN + shift, y + _MARGIN) for x, y in rows.offsets]
    sides = {key: side for row, place in enumerate(places) for key, side in _sides(plan, row, place, offsets[row])}
    arrows = [*_arrows(plan, places, rows, sides, offsets, careful)]
    obstacles = Obstacles((Rectangle(x, y, x + w, y + h) for x, y, w, h, _ in sides.values()), arrows)
    items: list[Item] = [*_frames(picture, places, offsets, obstacles), *arrows]
    for key, (left, top, *_) in sides.items():
        items += box_items(plan.boxes[key], round(left, 2), round(top, 2))
    items += _ports(picture, arrows, obstacles)
    legend, _, _ = legend_items(picture, _MARGIN, height + _MARGIN + _TO_LEGEND, width)
    items += legend
    notes: tuple[str, ...] = (f"laid out in {len(places)} rows",) if len(places) > 1 else ()
    notes += plan.notes
    return Scene(
        *outer,
        tuple(items),
        _groups(picture),
        picture.events,
        picture.title,
        picture.description,
        notes,
    )


def _groups(picture: Picture) -> dict[str, tuple[Literal["box", "forward", "backward", "frame"], str]]:
    """Frames, boxes and arrows with their descriptions."""
    groups: dict[str, tuple[Literal["box", "forward", "backward", "frame"], str]] = {
        f"f{index + 1}": ("frame", frame.description) for index, frame in enumerate(picture.frames)
    }
    groups |= {box.key: ("box", box.description) for box in picture.boxes}
    return groups | {arrow.key: (arrow.kind, arrow.description) for arrow in picture.arrows}


def _frames(picture: Picture, places: list[Places], offsets: list[Point], obstacles: Obstacles) -> Iterator[Item]:
    """Frames, the outer ones first."""
    for place, (dx, dy) in zip(places, offsets, strict=True):
        for index, frame in enumerate(picture.frames):
            key = f"f{index + 1}"
            if key in place.frames:
                x, y, width, height = place.frames[key]
                yield Path(rectangle(x + dx, y + dy, width, height, 12), "frame.line", "frame.fill", 1.4, key=key)
                yield from frame_title(frame.label, x + dx, y + dy, width, key, obstacles)


def _ports(picture: Picture, arrows: list[Item], obstacles: Obstacles) -> Iterator[Item]:
    """The places of arguments, operation by operation."""
    lines: dict[str, Path] = {}
    for item in arrows:
        if isinstance(item, Path) and item.part == "line":
            lines.setdefault(item.key, item)  # what follows are strokes across it
    heads = {item.key: item for item in arrows if isinstance(item, Path) and item.part == "head"}
    labels: dict[str, Rectangle] = {}  # the last line of each
    for item in arrows:
        if isinstance(item, Text) and item.part == "label":
            own = rectangle_of_text(item)
            before = labels.get(item.key, own)
            joined = (min(own.left, before.left), own.top, max(own.right, before.right), own.bottom)
            labels[item.key] = Rectangle(*joined) if own.top < before.bottom else own
    of_operation: dict[str, list[Port]] = {}
    for arrow in picture.arrows:
        if arrow.port is not None:
            _, x, y = heads[arrow.key].commands[0]
            of_operation.setdefault(arrow.target, []).append(
                Port(arrow, lines[arrow.key], (x, y), labels.get(arrow.key))
            )
    for ports in of_operation.values():
        yield from port_marks(ports, obstacles)


def _arrows(
    plan: Plan, places: list[Places], rows: Stack, sides: dict[str, Side], offsets: list[Point], careful: Set[str]
) -> Iterator[Item]:
    """The lines of all arrows, then their labels."""
    crossing = {one.bundle.key: one for one in plan.crossing}
    row_of = {key: row for row, problem in enumerate(plan.problems) for key in problem.boxes}
    corner = offsets[0][0] - rows.offsets[0][0], offsets[0][1] - rows.offsets[0][1]
    curves: dict[str, Curve] = {}
    middles: dict[str, Point] = {}  # of labels
    for bundle in plan.bundles:
        if bundle.key in crossing:
            one, way, shift = crossing[bundle.key], rows.ways[bundle.key], corner
            first, last = (move(places[row].ways[bundle.key].curve, *offsets[row]) for row in (one.start, one.end))
            curves[bundle.key] = join([first, move(way.curve, *shift), last])
            turned = False
        else:
            row = row_of[bundle.source]
            way, shift = places[row].ways[bundle.key], offsets[row]
            curves[bundle.key] = move(way.curve, *shift)
            turned = plan.problems[row].direction == "TB"
        if way.before and way.after:
            for arrow in bundle.arrows:
                x, y = way.before if (arrow.kind == "forward") != turned else way.after
                middles[arrow.key] = x + shift[0], y + shift[1]
    thickness = {bundle.key: bundle.thickness for bundle in plan.bundles}
    ends = {bundle.key: (sides[bundle.source], sides[bundle.target]) for bundle in plan.bundles}
    close = {bundle.key for bundle in plan.bundles if any(arrow.key in careful for arrow in bundle.arrows)}
    curves |= spread({key: curve for key, curve in curves.items() if key not in close}, thickness, ends)
    items: dict[str, list[Item]] = {}
    labels: dict[str, list[Item]] = {}
    for bundle in plan.bundles:
        for arrow in bundle.arrows:
            aside = bundle.thickness * (_CLOSE if bundle.key in close else 0.5) * (1 if arrow.kind == "forward" else -1)
            own = settled(beside(curves[bundle.key], aside), curves[bundle.key], *ends[bundle.key])
            items[arrow.key] = [*arrow_items(arrow, own if arrow.kind == "forward" else own[::-1])]
            if arrow.key in middles and arrow.labels:
                x, y = middles[arrow.key]
                top = y - block_size(arrow.labels)[1] / 2
                labels[arrow.key] = [*runs_of_lines(arrow.labels, x, top, arrow.key, "label")]
    for found in (items, labels):
        for arrow in plan.picture.arrows:
            yield from found.get(arrow.key, ())


def _sides(plan: Plan, row: int, place: Places, offset: Point) -> Iterator[tuple[str, Side]]:
    """Where the boxes of a row are."""
    for key in plan.problems[row].boxes:
        measured, (x, y) = plan.boxes[key], place.boxes[key]
        left, top = x - measured.width / 2 + offset[0], y - measured.height / 2 + offset[1]
        corner = measured.shape.radius + measured.shape.ring + 4
        yield key, Side(left, top, measured.width, measured.height, corner)
