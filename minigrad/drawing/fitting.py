"""How much is shown and how much is folded, so that a picture can be read and is there in time.

Details are left out first; if the text would still be too small, or if Graphviz finds no end, there are fewer boxes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.layout.arrange import arrange
from minigrad.drawing.layout.details.readable import most_readable, promise
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.layout.quality import READABLE
from minigrad.drawing.levels.folding.coarser import coarser
from minigrad.drawing.levels.folding.coarser import fitting as at_most
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["fitted"]

_SECONDS = 9.0  # for all that is tried
_LAST_SECONDS = 10.0  # for the coarsest picture, if the machine was so busy that none was there in time
_MOST_BOXES = 500  # more are not tried,
#: and where no level was asked for, no more than could be read on a screen; what nobody misses is folded even sooner
_MANY_BOXES, _MORE_BOXES = 100, 40
_FEW_BOXES = 8  # fit in any case: they are laid out when somebody looks, and not folded for larger text
_SMALL = 9.0  # pixels, below which everything is folded that can be
_NEARLY = 0.95, 2 / 3  # of the size that text should have: folding that does not reach it is not worth its losses


def fitted(
    graph: Graph,
    grouping: Grouping,
    picture_of: Callable[[Grouping], Picture],
    aspect: tuple[float, float],
    *,
    asked: bool,
    kept: Sequence[frozenset[Node]] = (),
) -> tuple[Picture, Scene | None]:
    """The picture of the finest grouping that can be read.

    Arguments:
        picture_of: makes the picture of a grouping.
        asked: whether the level was asked for; then nothing is folded as long as names and formulas can be read.
        kept: what was unfolded by name, and is not folded again.

    Returns:
        The picture with all details, and where everything goes, if that had to be found out.

    Raises:
        ValueError: if even the coarsest grouping has too many boxes, or cannot be laid out in time.
    """
    end = time.monotonic() + _SECONDS
    found: list[tuple[float, Picture, Scene]] = []
    while not asked and len(grouping.groups) > _MORE_BOXES:
        if (next_one := coarser(graph, grouping, careful=True, kept=kept)) is None:
            break
        grouping = next_one
    most = _MOST_BOXES if asked else _MANY_BOXES
    current: Grouping | None = at_most(graph, grouping, most, kept)
    picture: Picture | None = None
    while current is not None and len(current.groups) <= _MOST_BOXES:
        picture = picture_of(current)
        if len(picture.boxes) <= _FEW_BOXES and not found:
            return picture, None
        size = promise(picture, aspect, names_alone=asked)
        if size < READABLE and (next_one := _fewer(graph, current, size, kept)) is not None:
            current = next_one
            continue
        coarsest = coarser(graph, current, careful=True, kept=kept) is None
        try:
            result = most_readable(picture, aspect, end, names_alone=asked or coarsest)
        except NoGraphvizError:
            return picture, None
        size = result.size if result else 0.0
        if result:
            found.append((size, picture, result.scene))
        if size >= READABLE or (result and len(picture.boxes) <= _FEW_BOXES) or time.monotonic() > end:
            break
        current = _fewer(graph, current, size, kept)
    if found:
        _, picture, scene = _best(found)
        return picture, scene
    try:
        if picture is not None:
            return picture, arrange(picture, aspect=aspect, deadline=_LAST_SECONDS)
    except TooLargeError:
        pass
    raise ValueError(
        f"draw: this graph of {len(graph.nodes):,} values and operations is too large to draw, even folded; draw a "
        "smaller case (fewer layers, time steps or iterations), or put parts of it into "
        '`with mg.scope("…"):`, each of which folds into one box'
    )


def _best(found: list[tuple[float, Picture, Scene]]) -> tuple[float, Picture, Scene]:
    """The finest whose text is large enough, else the finest whose text is nearly so, else that with the largest."""
    for enough in (READABLE, *(READABLE * share for share in _NEARLY)):
        for one in found:
            if one[0] >= enough:
                return one
    return max(found, key=lambda one: one[0])


def _fewer(graph: Graph, grouping: Grouping, size: float, kept: Sequence[frozenset[Node]]) -> Grouping | None:
    """The next coarser grouping; one with half the boxes, where text has less than half the size it should have.

    Boxes "part 1 of 3", which nobody has a name for, and a single box for the whole model are worse than small text.
    """
    found = coarser(graph, grouping, careful=size >= _SMALL, kept=kept)
    return at_most(graph, found, len(grouping.groups) // 2, kept) if found and size < READABLE / 2 else found
