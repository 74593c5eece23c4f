"""The candidates: left to right, top to bottom, in rows, with maps in several places; the most promising first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from minigrad.drawing.layout.boxes.measure import MapPlace, Measured, measure
from minigrad.drawing.layout.boxes.runs import block_size, line_height
from minigrad.drawing.layout.graphviz.problem import Edge, Problem
from minigrad.drawing.layout.rows import Steps, best_cuts, steps_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Arrow, Map, Picture

__all__ = ["Plan", "plans", "screen"]

_MOST_CANDIDATES = 8
_MANY_BOXES = 120  # from here on few candidates, straight arrows


@dataclass(frozen=True)
class Plan:
    """A candidate: a problem for Graphviz for each row.

    Attributes:
        boxes: the measured boxes by their keys.
        crossing: arrows that lead from a row to another: key, row of the consumed, row of the consumer.
    """

    boxes: dict[str, Measured]
    problems: list[Problem]
    crossing: list[tuple[Arrow, int, int]]
    direction: str


def screen(aspect: tuple[float, float]) -> tuple[float, float]:
    """The largest rectangle of this aspect on a screen of 1920 × 1080 pixels."""
    ratio = aspect[0] / aspect[1]
    return (1920.0, 1920 / ratio) if ratio >= 1920 / 1080 else (1080 * ratio, 1080.0)


def plans(picture: Picture, aspect: tuple[float, float] | None) -> list[Plan]:
    """All candidates, the most promising first; one of them from left to right without an `aspect`."""
    forward = [arrow for arrow in picture.arrows if arrow.kind == "forward"]
    if aspect is None:
        measured = [measure(box) for box in picture.boxes]
        return [_plan(picture, measured, steps_of(measured, _uses(picture)), "LR", ())]
    width, height = screen(aspect)
    found: list[tuple[float, int, list[Measured], Steps, str, tuple[int, ...]]] = []
    several = any(isinstance(row, Map) for box in picture.boxes for row in box.rows)
    places: tuple[MapPlace, ...] = ("below", "paired", "beside") if several else ("below",)
    for place in places:
        measured = [measure(box, place) for box in picture.boxes]
        steps = steps_of(measured, _uses(picture))
        ways: list[tuple[str, tuple[int, ...]]] = [("LR", ()), ("TB", ())]
        if len(forward) and len(picture.boxes) <= _MANY_BOXES:
            for rows in range(2, 7):
                cuts = {best_cuts(steps, rows, price) for price in (0.0, 150.0)}
                ways += [("LR", cut) for cut in sorted(filter(None, cuts))]
        for direction, cut in ways:
            about = _tb_size(steps) if direction == "TB" else steps.size(cut)
            scale = min(width / (about[0] + 24), height / (about[1] + 84)) * 0.96 ** len(cut)
            found.append((min(scale, 1.6), len(found), measured, steps, direction, cut))
    found.sort(key=lambda one: (-one[0], one[1]))
    most = _MOST_CANDIDATES if len(picture.boxes) <= _MANY_BOXES else 2
    return [_plan(picture, *one[2:]) for one in found[:most]]


def _uses(picture: Picture) -> list[Arrow]:
    """All arrows in the direction of the forward pass."""
    return [
        arrow if arrow.kind == "forward" else replace(arrow, source=arrow.target, target=arrow.source)
        for arrow in picture.arrows
    ]


def _tb_size(steps: Steps) -> tuple[float, float]:
    """About the size from top to bottom."""
    widths, height = [0.0], 0.0
    before: list[str] = []
    for step in range(len(steps.boxes) - 1, -2, -1):
        boxes = before + (steps.boxes[step][: steps.computed[step]] if step >= 0 else [])
        before = steps.boxes[step][steps.computed[step] :] if step >= 0 else []
        if boxes:
            widths.append(sum(steps.sizes[box][0] + 18 for box in boxes))
            height += max(steps.sizes[box][1] for box in boxes) + 36 + steps.labels[max(step, 0)][1]
    return max(widths), height


def _plan(picture: Picture, measured: list[Measured], steps: Steps, direction: str, cuts: tuple[int, ...]) -> Plan:
    row_of = {
        box: row
        for row, (first, end) in enumerate(pairwise((0, *cuts, len(steps.boxes))))
        for step in range(first, end)
        for box in steps.boxes[step]
    }
    boxes = {one.box.key: one for one in measured}
    count = len(cuts) + 1
    edges: list[list[Edge]] = [[] for _ in range(count)]
    entries: list[list[str]] = [[] for _ in range(count)]
    exits: list[list[str]] = [[] for _ in range(count)]
    crossing = []
    for use, arrow in zip(_uses(picture), picture.arrows, strict=True):
        start, end = row_of[use.source], row_of[use.target]
        backward = arrow.kind == "backward"
        if start == end:
            label = block_size(arrow.labels) if arrow.labels else None
            padded = (label[0] + 8, label[1] + 4) if label else None
            weight = 1 if backward else 2
            head: Literal["source", "target"] = "source" if backward else "target"
            edges[start].append(Edge(arrow.key, use.source, use.target, head, padded, weight=weight))
            continue
        port_out, port_in = f"{arrow.key}/out", f"{arrow.key}/in"
        exits[start].append(port_out)
        entries[end].append(port_in)
        edges[start].append(Edge(arrow.key, use.source, port_out, "source" if backward else ""))
        edges[end].append(Edge(arrow.key, port_in, use.target, "" if backward else "target"))
        crossing.append((arrow, start, end))
    problems = [
        Problem(
            {one.box.key: (one.width, one.height) for one in measured if row_of[one.box.key] == row},
            edges[row],
            "TB" if direction == "TB" else "LR",
            entries[row],
            exits[row],
            _frames(picture, row_of, row),
            straight=len(measured) > _MANY_BOXES,
        )
        for row in range(count)
    ]
    return Plan(boxes, problems, crossing, direction)


def _frames(
    picture: Picture, row_of: dict[str, int], row: int
) -> list[tuple[str, str | None, list[str], tuple[float, float]]]:
    """The frames around boxes of this row."""
    inside: dict[int, list[str]] = {}
    needed: set[int] = set()
    for box in picture.boxes:
        if row_of[box.key] == row and box.frame is not None:
            inside.setdefault(box.frame, []).append(box.key)
            frame: int | None = box.frame
            while frame is not None:
                needed.add(frame)
                frame = picture.frames[frame].outer
    return [
        (
            f"f{index + 1}",
            None if frame.outer is None else f"f{frame.outer + 1}",
            inside.get(index, []),
            (line_width(frame.label) + 8, line_height(frame.label) + 2),
        )
        for index, frame in enumerate(picture.frames)
        if index in needed
    ]
