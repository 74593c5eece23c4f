"""From the places that Graphviz found to the scene."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from minigrad.drawing.layout.arrows import Commands, arrow_items, curve_commands, joined, moved, polyline
from minigrad.drawing.layout.boxes.measure import box_items
from minigrad.drawing.layout.boxes.runs import block_size, runs, runs_of_lines
from minigrad.drawing.layout.boxes.shapes import rectangle
from minigrad.drawing.layout.graphviz.problem import Curve, Places, Point
from minigrad.drawing.layout.lanes import Lanes, stack
from minigrad.drawing.layout.legend import legend_items
from minigrad.drawing.layout.plans import Plan
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Item, Path, Scene

__all__ = ["assemble"]

_MARGIN = 12.0
_TO_LEGEND = 18.0


def assemble(picture: Picture, plan: Plan, places: list[Places]) -> Scene:
    """Everything in its place: frames behind arrows behind boxes, with the legend below."""
    lanes = stack(places, plan.crossing)
    width, height = lanes.size
    legend, legend_width, _ = legend_items(picture, 0, 0, max(width, 560.0))
    width = max(width, legend_width)
    shift = max(0.0, (width - lanes.size[0]) / 2)
    offsets = [(x + _MARGIN + shift, y + _MARGIN) for x, y in lanes.offsets]
    items: list[Item] = [*_frames(picture, places, offsets)]
    items += _arrows(picture, plan, places, lanes, offsets, (_MARGIN + shift, _MARGIN))
    for row, place in enumerate(places):
        for key in plan.problems[row].boxes:
            measured, (x, y) = plan.boxes[key], place.boxes[key]
            left, top = x - measured.width / 2 + offsets[row][0], y - measured.height / 2 + offsets[row][1]
            items += box_items(measured, round(left, 2), round(top, 2))
    legend, _, bottom = legend_items(picture, _MARGIN, height + _MARGIN + _TO_LEGEND, width)
    items += legend
    notes = (f"laid out in {len(places)} rows",) if len(places) > 1 else ()
    bottom = bottom if legend else height + _MARGIN
    return Scene(
        math.ceil(width + 2 * _MARGIN),
        math.ceil(bottom + _MARGIN),
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


def _frames(picture: Picture, places: list[Places], offsets: list[Point]) -> Iterator[Item]:
    """Frames, the outer ones first."""
    for place, (dx, dy) in zip(places, offsets, strict=True):
        for index, frame in enumerate(picture.frames):
            key = f"f{index + 1}"
            if key in place.frames:
                x, y, width, height = place.frames[key]
                yield Path(rectangle(x + dx, y + dy, width, height, 12), "frame.line", "frame.fill", 1.4, key=key)
                yield from runs(frame.label, x + dx + 10, y + dy + 6, key, "name")


def _arrows(
    picture: Picture, plan: Plan, places: list[Places], lanes: Lanes, offsets: list[Point], corner: Point
) -> Iterator[Item]:
    found: list[dict[str, Curve]] = [place.curves for place in places]
    rows_of = {arrow.key: (start, end) for arrow, start, end in plan.crossing}
    row_of = {edge.key: row for row, problem in enumerate(plan.problems) for edge in problem.edges}
    labels: list[Item] = []
    for arrow in picture.arrows:
        if arrow.key in rows_of:
            start, end = rows_of[arrow.key]
            first, last = found[start][arrow.key], found[end][arrow.key]
            way = lanes.ways[arrow.key]
            between = moved(polyline(way.points), *corner)
            commands: Commands = joined(
                [moved(curve_commands(first), *offsets[start]), between, moved(curve_commands(last), *offsets[end])]
            )
            label = way.label and (way.label[0] + corner[0], way.label[1] + corner[1])
            curve, row = (last, end) if arrow.kind == "forward" else (first, start)
        else:
            row = row_of[arrow.key]
            curve = found[row][arrow.key]
            commands = moved(curve_commands(curve), *offsets[row])
            label = curve.label and (curve.label[0] + offsets[row][0], curve.label[1] + offsets[row][1])
        dx, dy = offsets[row]
        base, tip = (curve.points[-1], curve.end) if arrow.kind == "forward" else (curve.points[0], curve.start)
        yield from arrow_items(arrow, commands, (base[0] + dx, base[1] + dy), (tip[0] + dx, tip[1] + dy))
        if label and arrow.labels:
            height = block_size(arrow.labels)[1]
            labels += runs_of_lines(arrow.labels, label[0], label[1] - height / 2, arrow.key, "label")
    yield from labels
