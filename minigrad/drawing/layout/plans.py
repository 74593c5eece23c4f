"""The candidates: left to right, top to bottom, in rows, with maps in several places; the most promising first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from minigrad.drawing.layout.arrows.bundles import Bundle, bundles_of
from minigrad.drawing.layout.arrows.lanes import Crossing
from minigrad.drawing.layout.boxes.measure import MapPlace, Measured, measure
from minigrad.drawing.layout.boxes.runs import line_height
from minigrad.drawing.layout.graphviz.problem import Label, Link, Problem
from minigrad.drawing.layout.rows import Steps, best_cuts, steps_of
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Map, Picture

__all__ = ["Plan", "plans", "screen"]

_MOST_CANDIDATES = 8
_MANY_BOXES = 120  # from here on few candidates, straight arrows


Direction = Literal["LR", "TB"]


@dataclass(frozen=True)
class Plan:
    """A candidate: a problem for Graphviz for each row.

    Attributes:
        boxes: the measured boxes by their keys.
        bundles: all arrows.
        crossing: those that lead from a row to another.
    """

    boxes: dict[str, Measured]
    bundles: list[Bundle]
    problems: list[Problem]
    crossing: list[Crossing]


def screen(aspect: tuple[float, float]) -> tuple[float, float]:
    """The largest rectangle of this aspect on a screen of 1920 × 1080 pixels."""
    ratio = aspect[0] / aspect[1]
    return (1920.0, 1920 / ratio) if ratio >= 1920 / 1080 else (1080 * ratio, 1080.0)


def plans(picture: Picture, aspect: tuple[float, float] | None) -> list[Plan]:
    """All candidates, the most promising first; one of them from left to right without an `aspect`."""
    bundles = bundles_of(picture)
    if aspect is None:
        measured = [measure(box) for box in picture.boxes]
        return [_plan(picture, bundles, measured, steps_of(measured, bundles), "LR", ())]
    width, height = screen(aspect)
    found: list[tuple[float, int, list[Measured], Steps, Direction, tuple[int, ...]]] = []
    several = any(isinstance(row, Map) for box in picture.boxes for row in box.rows)
    places: tuple[MapPlace, ...] = ("below", "paired", "beside") if several else ("below",)
    for place in places:
        measured = [measure(box, place) for box in picture.boxes]
        steps = steps_of(measured, bundles)
        ways: list[tuple[Direction, tuple[int, ...]]] = [("LR", ()), ("TB", ())]
        if len(picture.boxes) <= _MANY_BOXES:
            for rows in range(2, 7):
                cuts = {best_cuts(steps, rows, price) for price in (0.0, 150.0)}
                ways += [("LR", cut) for cut in sorted(filter(None, cuts))]
        for direction, cut in ways:
            about = _tb_size(steps) if direction == "TB" else steps.size(cut)
            scale = min(width / (about[0] + 24), height / (about[1] + 84)) * 0.96 ** len(cut)
            found.append((min(scale, 1.6), len(found), measured, steps, direction, cut))
    found.sort(key=lambda one: (-one[0], one[1]))
    most = _MOST_CANDIDATES if len(picture.boxes) <= _MANY_BOXES else 2
    return [_plan(picture, bundles, *one[2:]) for one in found[:most]]


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


def _plan(
    picture: Picture,
    bundles: list[Bundle],
    measured: list[Measured],
    steps: Steps,
    direction: Direction,
    cuts: tuple[int, ...],
) -> Plan:
    row_of = {
        box: row
        for row, (first, end) in enumerate(pairwise((0, *cuts, len(steps.boxes))))
        for step in range(first, end)
        for box in steps.boxes[step]
    }
    boxes = {one.box.key: one for one in measured}
    count = len(cuts) + 1
    links: list[list[Link]] = [[] for _ in range(count)]
    crossing = []
    for bundle in bundles:
        start, end = row_of[bundle.source], row_of[bundle.target]
        heads = bundle.backward is not None, bundle.forward is not None
        if start == end:
            label = _label(picture, bundle, direction)
            links[start].append(Link(bundle.key, bundle.source, bundle.target, heads, label))
            continue
        one = Crossing(bundle, start, end)
        crossing.append(one)
        links[start].append(Link(bundle.key, bundle.source, one.exit, (heads[0], False)))
        links[end].append(Link(bundle.key, one.entry, bundle.target, (False, heads[1])))
    problems = [
        Problem(
            {one.box.key: (one.width, one.height) for one in measured if row_of[one.box.key] == row},
            links[row],
            direction,
            [one.entry for one in crossing if one.end == row],
            [one.exit for one in crossing if one.start == row],
            _frames(picture, row_of, row),
            straight=len(measured) > _MANY_BOXES,
        )
        for row in range(count)
    ]
    return Plan(boxes, bundles, problems, crossing)


def _label(picture: Picture, bundle: Bundle, direction: Direction) -> Label | None:
    """The room for the labels of a bundle within a row."""
    forward, backward = bundle.labels
    if not forward[0] and not backward[0]:
        return None
    # the forward line is the upper one, and the right one from top to bottom
    before, after = (forward, backward) if direction == "LR" else (backward, forward)
    frame = _common_frame(picture, bundle)
    return Label(_padded(before), _padded(after), bundle.thickness + 6, None if frame is None else f"f{frame + 1}")


def _padded(size: tuple[float, float]) -> tuple[float, float]:
    return (size[0] + 6, size[1]) if size[0] else size


def _common_frame(picture: Picture, bundle: Bundle) -> int | None:
    """The innermost frame around both ends."""
    frame_of = {box.key: box.frame for box in picture.boxes}
    around: list[list[int]] = []
    for key in (bundle.source, bundle.target):
        chain, frame = [], frame_of[key]
        while frame is not None:
            chain.append(frame)
            frame = picture.frames[frame].outer
        around.append(chain)
    return next((frame for frame in around[0] if frame in around[1]), None)


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
