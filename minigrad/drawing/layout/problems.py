"""From a way of laying out to the problems that Graphviz gets: one for each row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from minigrad.drawing.layout.arrows.bundles import Bundle
from minigrad.drawing.layout.arrows.lanes import Crossing
from minigrad.drawing.layout.boxes.measure import Measured
from minigrad.drawing.layout.boxes.runs import line_height
from minigrad.drawing.layout.graphviz.problem import Label, Link, Problem
from minigrad.drawing.layout.rows import Steps
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Picture

__all__ = ["Direction", "Plan", "plan_of"]

Direction = Literal["LR", "TB"]

#: Between boxes of a rank, and between ranks: at ease; closer; with room for many arrows.
GAPS = {0: (20.0, 50.0), 1: (15.0, 40.0), 2: (13.0, 35.0), 3: (12.0, 26.0), -1: (28.0, 100.0), -2: (40.0, 160.0)}


@dataclass(frozen=True)
class Plan:
    """A candidate: a problem for Graphviz for each row.

    Attributes:
        picture: what is drawn.
        notes: what was left out of it.
        roomy: whether it has room for many arrows, if it does not fit the screen so well.
        boxes: the measured boxes by their keys.
        bundles: all arrows.
        crossing: those that lead from a row to another.
    """

    picture: Picture
    notes: tuple[str, ...]
    roomy: bool
    boxes: dict[str, Measured]
    bundles: list[Bundle]
    problems: list[Problem]
    crossing: list[Crossing]


def plan_of(
    picture: Picture,
    bundles: list[Bundle],
    measured: list[Measured],
    steps: Steps,
    direction: Direction,
    cuts: tuple[int, ...],
    *,
    notes: tuple[str, ...],
    hasty: bool,
    closer: int = 0,
    staggered: int | None = None,
) -> Plan:
    """The problems of a way: its direction, where it is cut into rows, and how close together it is.

    `staggered`, 0 or 1, puts every other leaf a rank further away, from the first or the second on; `hasty` is for
    large graphs.
    """
    row_of = {
        box: row
        for row, (first, end) in enumerate(pairwise((0, *cuts, len(steps.boxes))))
        for step in range(first, end)
        for box in steps.boxes[step]
    }
    boxes = {one.box.key: one for one in measured}
    count = len(cuts) + 1
    links: list[list[Link]] = [[] for _ in range(count)]
    apart = set() if staggered is None else _every_other_leaf(measured, bundles, staggered)
    crossing = []
    for bundle in bundles:
        start, end = row_of[bundle.source], row_of[bundle.target]
        heads = bundle.backward is not None, bundle.forward is not None
        if start == end:
            label = _label(picture, bundle, direction)
            further = 1 if bundle.source in apart else 0
            links[start].append(Link(bundle.key, bundle.source, bundle.target, heads, label, further))
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
            GAPS[closer],
            hasty,
        )
        for row in range(count)
    ]
    return Plan(picture, notes, closer < 0, boxes, bundles, problems, crossing)


def _every_other_leaf(measured: list[Measured], bundles: list[Bundle], first: int) -> set[str]:
    """Every other one of the boxes that are used once, and that nothing is used for."""
    uses = {one.box.key: 0 for one in measured}
    for bundle in bundles:
        uses[bundle.source] += 1
    computed = {bundle.target for bundle in bundles}
    leaves = [key for key, count in uses.items() if count == 1 and key not in computed]
    return set(leaves[first::2])


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
    return (size[0] + 3, size[1] + 3) if size[0] else size


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
