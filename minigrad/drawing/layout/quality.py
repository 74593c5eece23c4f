"""Which of several scenes is the best one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minigrad.drawing.layout.geometry import flattened
from minigrad.drawing.layout.legend import LEGEND
from minigrad.drawing.layout.problems import Plan
from minigrad.drawing.layout.text_width import span_size
from minigrad.drawing.picture import Line, Picture
from minigrad.drawing.scene import Path, Scene, Text

__all__ = ["READABLE", "Quality", "crossings", "fits", "quality", "screen", "smallest_font"]

#: The smallest size of a font, in pixels, that can be read in a lecture hall from a screen of 1920 × 1080 pixels.
READABLE = 18.0

_Points = NDArray[np.float64]

#: Of two tuples the larger one is better.
Quality = tuple[float, ...]

_ENOUGH = 27.0  # a font larger than this is no reason to prefer a scene
# what a row more, an arrow from row to row, a page instead of a line, a frame in pieces, and a crossing count for
_ROW, _ACROSS, _DOWN, _PIECE, _CROSSING = 0.95, 0.97, 0.93, 0.9, 0.985


def screen(aspect: tuple[float, float]) -> tuple[float, float]:
    """The largest rectangle of this aspect on a screen of 1920 × 1080 pixels."""
    ratio = aspect[0] / aspect[1]
    return (1920.0, 1920 / ratio) if ratio >= 1920 / 1080 else (1080 * ratio, 1080.0)


def fits(scene: Scene, aspect: tuple[float, float] = (16, 9)) -> float:
    """The smallest size of a font, subscripts aside, when the scene fills a screen of 1920 × 1080 pixels."""
    width, height = screen(aspect)
    sizes = [item.size for item in scene.items if isinstance(item, Text) and not item.span.script]
    return min(sizes, default=0.0) * min(width / scene.width, height / scene.height)


def quality(size: tuple[float, float], aspect: tuple[float, float], plan: Plan, crossed: int) -> Quality:
    """What is readable comes first, then what is complete, then what needs no rows: arrows between rows are hard to
    follow. Of those what is large, with few rows, frames in one piece, and few crossing arrows.

    Arguments:
        size: width and height of the scene.
        crossed: how often its arrows cross.
    """
    width, height = screen(aspect)
    font = smallest_font(plan.picture) * min(width / size[0], height / size[1])
    rows = [problem.frames for problem in plan.problems]
    pieces = sum(map(len, rows)) - len({frame[0] for frames in rows for frame in frames})
    factor = _ROW ** (len(rows) - 1) * (_DOWN if plan.problems[0].direction == "TB" else 1.0)
    factor *= _PIECE**pieces * _ACROSS ** len(plan.crossing)
    complete, whole = not plan.notes, len(rows) == 1
    if font < READABLE:
        return font / READABLE, complete, whole, factor
    return 1.0, complete, whole, min(font, _ENOUGH) * factor * _CROSSING**crossed


def smallest_font(picture: Picture) -> float:
    """The size of the smallest letters, subscripts aside, at most that of the legend."""
    lines = [row for box in picture.boxes for row in box.rows if isinstance(row, Line)]
    lines += [line for arrow in picture.arrows for line in arrow.labels]
    lines += [*picture.notes, *(frame.label for frame in picture.frames)]
    sizes = [span_size(span, line.size) for line in lines for span in line.spans if not span.script]
    return min([LEGEND, *sizes])


def crossings(scene: Scene) -> int:
    """How often forward arrows cross."""
    lines = [
        np.array(flattened(item, 4))
        for item in scene.items
        if isinstance(item, Path) and item.part == "line" and item.key and item.stroke == "forward"
    ]
    if not lines:
        return 0
    starts = np.concatenate([line[:-1] for line in lines])
    ends = np.concatenate([line[1:] for line in lines])
    owner = np.repeat(np.arange(len(lines)), [len(line) - 1 for line in lines])
    sides = _side(starts[:, None], ends[:, None], starts) * _side(starts[:, None], ends[:, None], ends)
    cross = (sides < 0) & (sides.T < 0) & (owner[:, None] < owner)
    return int(cross.sum())


def _side(start: _Points, end: _Points, point: _Points) -> _Points:
    """On which side of lines from `start` to `end` points are: the sign."""
    along, to = end - start, point - start
    sides: _Points = np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])
    return sides
