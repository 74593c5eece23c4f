"""Where a long picture is cut into rows, and how large it will be about: before Graphviz is asked.

The boxes fall into *steps*: those that can be computed at the same time, together with what is first used there. A row
is some steps in a row, so that everything runs from left to right, and from a row to the rows below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from minigrad.drawing.layout.arrows.bundles import Bundle
from minigrad.drawing.layout.boxes.measure import Measured
from minigrad.drawing.picture import Picture

__all__ = ["Steps", "divisions", "steps_of"]

_SEPARATION = 44.0  # between two ranks, less the labels
_PER_FRAME = 250.0  # pixels of width that it is worth not to cut through a frame


@dataclass(frozen=True)
class Steps:
    """The steps of a picture.

    Attributes:
        boxes: the boxes of each step: what is computed in it, then what is first used in it.
        computed: how many of these are computed.
        crossing: how many arrows cross the place before each step; 0 before the first.
        sizes: width and height of each box.
        labels: width and height of the largest label in front of each step.
        split: how many frames have boxes on both sides of the place before each step.
    """

    boxes: list[list[str]]
    computed: list[int]
    crossing: list[int]
    sizes: dict[str, tuple[float, float]]
    labels: list[tuple[float, float]]
    split: list[int]

    @cached_property
    def columns(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """For each step the size of the column that is computed, and of the column of what is first used."""
        return [
            (self._column(boxes[:computed]), self._column(boxes[computed:]))
            for boxes, computed in zip(self.boxes, self.computed, strict=True)
        ]

    def _column(self, boxes: list[str]) -> tuple[float, float]:
        sizes = [self.sizes[box] for box in boxes]
        return max((width for width, _ in sizes), default=0.0), sum(height + 18.0 for _, height in sizes)

    def row_sizes(self, end: int) -> list[tuple[float, float]]:
        """About the sizes of rows from left to right that end before the step `end`, by their first steps."""
        sizes = [(0.0, 0.0)] * end
        width = height = 0.0
        leaves_before = (0.0, 0.0)
        for step in range(end - 1, -1, -1):
            own, leaves = self.columns[step]
            gap = _SEPARATION + self.labels[step][0]
            width += max(own[0], leaves_before[0])
            height = max(height, own[1] + leaves_before[1])
            first_column = leaves[0] + gap if leaves[0] else 0.0
            sizes[step] = width + first_column, max(height, leaves[1])
            width += gap
            leaves_before = leaves
        return sizes

    def size(self, cuts: tuple[int, ...]) -> tuple[float, float]:
        """About the size of a picture that is cut before these steps."""
        sizes = [self.row_sizes(end)[first] for first, end in pairwise((0, *cuts, len(self.boxes)))]
        gaps = sum(30.0 + self.crossing[cut] * (self.labels[cut][1] + 14.0) for cut in cuts)
        lanes = 12.0 * sum(self.crossing[cut] for cut in cuts)
        return max(width for width, _ in sizes) + 2 * lanes, sum(height for _, height in sizes) + gaps

    def size_down(self) -> tuple[float, float]:
        """About the size from top to bottom, without rows."""
        widest = height = 0.0
        for step in range(-1, len(self.boxes)):
            own = self.boxes[step][: self.computed[step]] if step >= 0 else []
            following = step + 1 < len(self.boxes)
            leaves = self.boxes[step + 1][self.computed[step + 1] :] if following else []
            sizes = [self.sizes[box] for box in own + leaves]
            widest = max(widest, sum(width + 18.0 for width, _ in sizes))
            height += max((height for _, height in sizes), default=0.0)
            height += _SEPARATION + self.labels[step + 1][1] if following and sizes else 0.0
        return widest, height


def steps_of(picture: Picture, measured: list[Measured], bundles: list[Bundle]) -> Steps:
    """The steps of these boxes, which are in topological order."""
    keys = [one.box.key for one in measured]
    inputs: dict[str, list[str]] = {key: [] for key in keys}
    for bundle in bundles:
        if bundle.source != bundle.target:
            inputs[bundle.target].append(bundle.source)
    step: dict[str, int] = {}
    first_use: dict[str, int] = {}
    for key in keys:
        if inputs[key]:
            step[key] = max((step[source] + 1 for source in inputs[key] if source in step), default=0)
            for source in inputs[key]:
                first_use[source] = min(first_use.get(source, step[key]), step[key])
    computed = dict(step)
    for key in keys:
        step.setdefault(key, first_use.get(key, 0))
    count = max(step.values(), default=0) + 1
    boxes = [
        [key for key in keys if step[key] == index and key in computed]
        + [key for key in keys if step[key] == index and key not in computed]
        for index in range(count)
    ]
    crossing, labels = [0] * count, [(0.0, 0.0)] * count
    for bundle in bundles:
        for index in range(step[bundle.source] + 1, step[bundle.target] + 1):
            crossing[index] += 1
        (a, b), (c, d) = bundle.labels
        old = labels[step[bundle.target]]
        labels[step[bundle.target]] = max(old[0], a, c), max(old[1], b, d)
    sizes = {one.box.key: (one.width, one.height) for one in measured}
    own = [sum(key in computed for key in found) for found in boxes]
    return Steps(boxes, own, crossing, sizes, labels, _split_frames(picture, step, count))


def _split_frames(picture: Picture, step: dict[str, int], count: int) -> list[int]:
    """How many frames have boxes on both sides of the place before each step."""
    inside: dict[int, list[int]] = {}
    for box in picture.boxes:
        frame = box.frame
        while frame is not None:
            inside.setdefault(frame, []).append(step[box.key])
            frame = picture.frames[frame].outer
    return [sum(min(found) < cut <= max(found) for found in inside.values()) for cut in range(count)]


def divisions(steps: Steps, most_rows: int, per_crossing: float) -> list[tuple[int, ...]]:
    """For two rows and more the steps before which to cut, so that rows are narrow and few arrows cross the cuts.

    `per_crossing` is how many pixels of width a crossing arrow is worth.
    """
    count = len(steps.boxes)
    # widths[first, end] is the width of a row with the steps from `first` to `end` − 1
    widths = np.full((count, count + 1), np.inf)
    for end in range(1, count + 1):
        widths[:end, end] = [width for width, _ in steps.row_sizes(end)]
    prices = per_crossing * np.array(steps.crossing) + _PER_FRAME * np.array(steps.split)
    # of the cheapest division of the steps before each place: width, price, and the cuts
    width, price = widths[0], np.zeros(count + 1)
    cuts: list[tuple[int, ...]] = [()] * (count + 1)
    found = []
    for _ in range(min(most_rows, count) - 1):
        widest = np.maximum(width[:count, None], widths)
        total = price[:count] + prices
        best = (widest + total[:, None]).argmin(axis=0)
        width, price = widest[best, np.arange(count + 1)], total[best]
        cuts = [(*cuts[cut], int(cut)) for cut in best]
        found.append(cuts[count])
    return found
