"""A use and what it carries back, as one: two lines side by side, with room for the labels of both.

Graphviz lays out one edge for each bundle, from what is used to what uses it, so backward arrows leave the ranks alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from minigrad.drawing.layout.boxes.runs import block_size
from minigrad.drawing.picture import Arrow, Picture

__all__ = ["APART", "Bundle", "bundles_of"]

#: The distance of the two lines.
APART = 11.0


@dataclass(frozen=True)
class Bundle:
    """A forward arrow, the backward arrow that belongs to it, or both.

    Attributes:
        source, target: keys of the boxes in the direction of the forward pass.
    """

    source: str
    target: str
    forward: Arrow | None
    backward: Arrow | None

    @property
    def key(self) -> str:
        """The key of its first arrow."""
        return (self.forward or self.backward).key  # type: ignore[union-attr]

    @property
    def arrows(self) -> list[Arrow]:
        """One arrow or two."""
        return [arrow for arrow in (self.forward, self.backward) if arrow]

    @property
    def thickness(self) -> float:
        """The room that its lines take."""
        return APART if len(self.arrows) == 2 else 0.0

    @property
    def labels(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Width and height of the labels of the forward and of the backward arrow."""
        forward, backward = (
            block_size(arrow.labels) if arrow else (0.0, 0.0) for arrow in (self.forward, self.backward)
        )
        return forward, backward


def _size(arrow: Arrow | None) -> tuple[float, float]:
    return block_size(arrow.labels) if arrow else (0.0, 0.0)


def bundles_of(picture: Picture) -> list[Bundle]:
    """Every arrow in one bundle: the first use of a box by another with the first that it carries back, and so on."""
    back: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for arrow in picture.arrows:
        if arrow.kind == "backward":
            back[arrow.target, arrow.source].append(arrow)
    bundles = []
    for arrow in picture.arrows:
        if arrow.kind == "forward":
            waiting = back[arrow.source, arrow.target]
            partner = None if arrow.detached or not waiting else waiting.pop(0)
            bundles.append(Bundle(arrow.source, arrow.target, arrow, partner))
    bundles += [Bundle(source, target, None, arrow) for (source, target), rest in back.items() for arrow in rest]
    return bundles
