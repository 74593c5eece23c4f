"""How much to fold, so that a picture can be read and is there in time.

It is laid out; if its text would be too small, or if Graphviz finds no end, it is laid out again with fewer boxes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from minigrad.drawing.layout.arrange import arrange
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NoGraphvizError
from minigrad.drawing.layout.quality import fits
from minigrad.drawing.levels.grouping import Grouping
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene

__all__ = ["fitted"]

_SECONDS = 9.0  # for all that is tried
_MOST_BOXES = 600  # more are not tried
_FEW_BOXES = 8  # fit in any case: they are laid out when somebody looks

#: Pixels of the smallest text on a screen of 1920 × 1080; half of that is enough where a level was asked for.
_READABLE, _LEGIBLE = 18.0, 9.0


def fitted(
    grouping: Grouping, picture_of: Callable[[Grouping], Picture], aspect: tuple[float, float], *, asked: bool
) -> tuple[Picture, Scene | None]:
    """The picture of the finest grouping that can be read, or else of the one whose text is largest.

    Arguments:
        asked: whether the level was asked for; then smaller text will do.

    Returns:
        The picture, and where everything goes, if that had to be found out.

    Raises:
        ValueError: if even the coarsest grouping has too many boxes, or cannot be laid out in time.
    """
    end = time.monotonic() + _SECONDS
    wanted = _LEGIBLE if asked else _READABLE
    best: tuple[float, Picture, Scene] | None = None
    current: Grouping | None = grouping
    while current is not None:
        if len(current.groups) <= _MOST_BOXES:
            picture = picture_of(current)
            if len(picture.boxes) <= _FEW_BOXES:
                return picture, None
            try:
                left = end - time.monotonic()
                scene = arrange(picture, aspect=aspect, deadline=max(left / 2, 0.5))
            except NoGraphvizError:
                return picture, None
            except TooLargeError:
                pass
            else:
                size = fits(scene, aspect)
                if best is None or size > best[0]:
                    best = size, picture, scene
                if size >= wanted:
                    break
            if time.monotonic() > end:
                break
        current = None
    if best is None:
        raise ValueError(
            f"draw: this graph of {sum(len(group.nodes) for group in grouping.groups):,} values and operations is too "
            "large to draw, even folded; draw a smaller case (fewer layers, time steps or iterations), or put parts of "
            'it into `with mg.scope("…"):`, each of which folds into one box'
        )
    return best[1], best[2]
