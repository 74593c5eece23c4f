"""The scene of a picture with as many details as leave its text large enough to read."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

from minigrad.drawing.layout.arrange import arrange
from minigrad.drawing.layout.boxes.measure import measure
from minigrad.drawing.layout.boxes.runs import block_size
from minigrad.drawing.layout.details.shedding import shed
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.plans import expected_size
from minigrad.drawing.layout.quality import READABLE, fits, screen, smallest_font
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["Readable", "most_readable", "promise", "readable"]

_AROUND = 12.0  # pixels around a box, at least
_FILLED = 0.78  # boxes and labels fill no more of the height and the width of a screen than this
_HOPE = 1.3  # text may be so much larger than expected,
_HOPE_NEXT = 1.1  # and so much more than it was in a picture with more details
_WORTH = 1.05  # larger text for fewer details is worth it from here on
_SECONDS = 10.0


class Readable(NamedTuple):
    """A scene, and the size of its smallest text, in pixels."""

    size: float
    scene: Scene


def readable(picture: Picture, aspect: tuple[float, float] = (16, 9)) -> Scene:
    """The scene with most details whose text can be read, else that with the largest text.

    Raises:
        TooLargeError: if there are too many boxes, or no layout was found in time.
        NoGraphvizError: if there is no Graphviz.
    """
    found = most_readable(picture, aspect, time.monotonic() + _SECONDS)
    return found.scene if found else arrange(picture, aspect=aspect)


def most_readable(
    picture: Picture, aspect: tuple[float, float], end: float, *, names_alone: bool = True
) -> Readable | None:
    """As `readable`, with the size; ``None`` if no layout was found until `end`, as `time.monotonic` counts.

    Arguments:
        names_alone: whether values and error signals may be left out, too.
    """
    best: Readable | None = None
    steps = shed(picture, names_alone=names_alone)
    hope = _HOPE
    for index, (less, columns) in enumerate(steps):
        expected = expected_size(less, aspect, columns=columns)
        if index < len(steps) - 1 and min(_FILLED * _filled(less, aspect), hope * expected) < READABLE:
            continue
        if best and time.monotonic() > end:
            break
        try:
            scene = arrange(less, aspect=aspect, deadline=max((end - time.monotonic()) / 2, 0.5), columns=columns)
        except TooLargeError:
            continue
        size = fits(scene, aspect)
        if best is None or size > min(_WORTH * best.size, READABLE):
            best = Readable(size, scene)
        if size >= READABLE:
            break
        if columns:  # a picture without wide boxes says little about those with them
            hope = min(_HOPE, max(_HOPE_NEXT * size / expected, _HOPE_NEXT))
    return best


def promise(picture: Picture, aspect: tuple[float, float], *, names_alone: bool = True) -> float:
    """The size that text can have at most, about, with as few details as there may be."""
    return _FILLED * _filled(shed(picture, names_alone=names_alone)[-1].picture, aspect)


def _filled(picture: Picture, aspect: tuple[float, float]) -> float:
    """The size that the smallest text would have, if boxes and labels filled the whole screen."""
    boxes = [measure(box) for box in picture.boxes]
    area = sum((box.width + _AROUND) * (box.height + _AROUND) for box in boxes)
    area += sum(math.prod(block_size(arrow.labels)) for arrow in picture.arrows)
    width, height = screen(aspect)
    return smallest_font(picture) * math.sqrt(width * height / max(area, 1.0))
