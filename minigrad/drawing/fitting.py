"""How much to fold, so that a picture can be read and is there in time.

It is laid out; if its text would be too small, or if Graphviz finds no end, it is laid out again with fewer boxes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.layout.arrange import arrange
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.layout.quality import READABLE, fits
from minigrad.drawing.levels.folding.coarser import coarser
from minigrad.drawing.levels.folding.coarser import fitting as at_most
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["fitted"]

_SECONDS = 9.0  # for all that is tried
_MOST_BOXES = 500  # more are not tried,
#: and where no level was asked for, no more than could be read on a screen; what nobody misses is folded even sooner
_MANY_BOXES, _MORE_BOXES = 100, 40
_FEW_BOXES = 8  # fit in any case: they are laid out when somebody looks, and not folded for larger text
_SMALL = 9.0  # pixels, below which everything is folded that can be
_NEARLY = 2 / 3  # of the size that text should have: folding that does not reach it is not worth its losses
_LEGIBLE = 5.0  # pixels of the smallest text, which are enough where a level was asked for


def fitted(
    graph: Graph,
    grouping: Grouping,
    picture_of: Callable[[Grouping], Picture],
    aspect: tuple[float, float],
    *,
    asked: bool,
) -> tuple[Picture, Scene | None]:
    """The picture of the finest grouping that can be read.

    Arguments:
        picture_of: makes the picture of a grouping.
        asked: whether the level was asked for; then smaller text will do.

    Returns:
        The picture, and where everything goes, if that had to be found out.

    Raises:
        ValueError: if even the coarsest grouping has too many boxes, or cannot be laid out in time.
    """
    end = time.monotonic() + _SECONDS
    wanted = _LEGIBLE if asked else READABLE
    found: list[tuple[float, Picture, Scene]] = []
    while not asked and len(grouping.groups) > _MORE_BOXES and (next_one := coarser(graph, grouping, careful=True)):
        grouping = next_one
    current: Grouping | None = at_most(graph, grouping, _MOST_BOXES if asked else _MANY_BOXES)
    while current is not None and len(current.groups) <= _MOST_BOXES:
        picture, size = picture_of(current), 0.0
        if len(picture.boxes) <= _FEW_BOXES and not found:
            return picture, None
        left = end - time.monotonic()
        try:
            scene = arrange(picture, aspect=aspect, deadline=max(left / 3, 0.5))
        except NoGraphvizError:
            return picture, None
        except TooLargeError:
            pass
        else:
            size = fits(scene, aspect)
            found.append((size, picture, scene))
        smallest = size > 0 and len(picture.boxes) <= _FEW_BOXES
        if size >= wanted or smallest or time.monotonic() > end:
            break
        current = _fewer(graph, current, size, wanted)
    if not found:
        raise ValueError(
            f"draw: this graph of {len(graph.nodes):,} values and operations is too large to draw, even folded; draw a "
            "smaller case (fewer layers, time steps or iterations), or put parts of it into "
            '`with mg.scope("…"):`, each of which folds into one box'
        )
    _, picture, scene = _best(found, wanted)
    return picture, scene


def _best(found: list[tuple[float, Picture, Scene]], wanted: float) -> tuple[float, Picture, Scene]:
    """The finest whose text is large enough, else the finest whose text is nearly so, else that with the largest."""
    for enough in (wanted, wanted * _NEARLY):
        for one in found:
            if one[0] >= enough:
                return one
    return max(found, key=lambda one: one[0])


def _fewer(graph: Graph, grouping: Grouping, size: float, wanted: float) -> Grouping | None:
    """The next coarser grouping; one with half the boxes, where text has less than half the size it should have.

    Boxes "part 1 of 3", which nobody has a name for, and a single box for the whole model are worse than small text.
    """
    found = coarser(graph, grouping, careful=size >= _SMALL)
    return at_most(graph, found, len(grouping.groups) // 2) if found and size < wanted / 2 else found
