"""The picture of the graph in a player: which of its boxes and arrows belong to which step."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.formats.svg import svg
from minigrad.drawing.graph.names import names_in
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.layout import NoGraphvizError, TooLargeError, arrange
from minigrad.drawing.levels.lines import lines
from minigrad.drawing.picture import Picture
from minigrad.drawing.scene import Scene
from minigrad.notation import Name
from minigrad.player.moments import Moment
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Graph", "apart", "graph_of", "no_picture", "picture_of", "size_rule"]


_ARROW = re.compile(
    r'<g id="[^"]*" class="((?:for|back)ward)" data-key="(\w+)"[^>]*>'
    "(?:<title[^>]*>[^<]*</title>)?(?:<desc[^>]*>[^<]*</desc>)?"
)
_UNUSED = re.compile(r' data-(?:script="\w*"|part="label")')
_COORDINATES = re.compile(r' (?:d|x|y|textLength|width|height)="[^"]*"')
_STRETCHED = ' lengthAdjust="spacingAndGlyphs"'  # without it the letters keep their width, and the gaps change
_AS_WIDE_AS_THE_PAGE = re.compile(
    r"^#[\w-]+{max-width:100%;height:auto}"
)  # on a phone the page scrolls its graph, which stays readable
_LONG = re.compile(r"(\d\.\d)\d+")


@dataclass(frozen=True)
class Graph:
    """A picture, and what of it is seen when.

    Attributes:
        svg: without its style sheet.
        style: that style sheet.
        data: for the script: ``shows``, triples of the first step, a key, and its part; ``now``, the keys at which each
            step happens; ``first``, the step to which a key leads.
    """

    svg: str
    style: str
    data: dict[str, Any]

    def image(self, alt: str) -> str:
        """The whole picture as one element of HTML, which no style sheet around it reaches."""
        whole = self.svg.replace("</svg>", f"<style>{self.style}</style></svg>")
        return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{base64.b64encode(whole.encode()).decode()}">'


def graph_of(walkthrough: Walkthrough, moments: Sequence[Moment], prefix: str = "mg") -> Graph | str:
    """The picture of a derivation, a box for each of its lines; else why there is none, and how to get it."""
    try:
        picture, keys = picture_of(walkthrough)
        scene = arrange(picture)
    except (NoGraphvizError, TooLargeError) as error:
        return no_picture(error)
    drawn, style = apart(svg(scene, prefix=prefix))
    return Graph(drawn, style + size_rule(scene, prefix), _data(picture, keys, moments))


def picture_of(walkthrough: Walkthrough) -> tuple[Picture, dict[Any, str]]:
    """The picture of a derivation, a box for each of its lines, and the keys of the boxes by their names."""
    with walkthrough.replay.alive():
        recorded = trace([walkthrough.replay.loss], names_in(walkthrough))
        grouping = lines(recorded, walkthrough)
        picture = build_picture(recorded, grouping, error_signals(recorded, walkthrough.replay.changed), walkthrough)
    return picture, {group.label: box.key for group, box in zip(grouping.groups, picture.boxes, strict=True)}


def no_picture(error: Exception) -> str:
    """Why there is no picture, and how to get it."""
    if isinstance(error, NoGraphvizError):
        return "There is no picture of the graph, for there is no Graphviz; pip install pygraphviz brings it."
    return f"There is no picture of the graph: {error}."


def size_rule(scene: Scene, prefix: str = "mg") -> str:
    """The rule that tells the page how large the picture is."""
    return f"#{prefix}{{--w:{scene.width:.0f}px;--r:{scene.width / scene.height:.3f}}}"


def apart(text: str) -> tuple[str, str]:
    """An SVG and its style sheet, which the page has in its own.

    What arrows say stands in the table of all steps; here it would be a tenth of the page. Tenths of a pixel do.
    """
    style = "".join(re.findall("<style>(.*?)</style>", text, re.DOTALL))
    style = _AS_WIDE_AS_THE_PAGE.sub("", style)
    style = style.replace("@media (prefers-color-scheme", "@media screen and (prefers-color-scheme")  # paper is white
    text = re.sub("<style>.*?</style>", "", text, flags=re.DOTALL)
    text = _UNUSED.sub("", text.replace(_STRETCHED, ""))
    text = _ARROW.sub(r'<g class="\1" data-key="\2">', text)
    return _COORDINATES.sub(lambda m: _LONG.sub(r"\1", m[0]), text), style


def _data(picture: Picture, keys: dict[Any, str], moments: Sequence[Moment]) -> dict[str, Any]:
    uses = _Uses(picture, keys)
    shows: list[tuple[int, str, str]] = []
    now: list[list[str]] = []
    first: dict[str, int] = {}
    for k, moment in enumerate(moments):
        current: list[str] = []
        if moment.step is not None:
            key = keys.get(moment.step.name.unbarred)
            current += [key] if key else []
            if key and moment.phase == "forward":
                shows += [(k, key, "value"), (k, key, "box")]
                shows += [(k, arrow, "box") for arrow in uses.entering(key)]
                current += uses.entering(key)
            elif key:
                arrow = uses.returning(moment.contribution.name, key) if moment.contribution else None
                if arrow:
                    shows.append((k, arrow, "all"))
                    current.append(arrow)
                if moment.complete:
                    shows.append((k, key, "signal"))
            if key:
                first.setdefault(key, k)
        now.append(current)
    return {"shows": shows, "now": now, "first": first}


class _Uses:
    """The arrows of a picture by what they connect."""

    def __init__(self, picture: Picture, keys: dict[Any, str]) -> None:
        self._keys = keys
        self._entering: dict[str, list[str]] = defaultdict(list)
        self._returning: dict[tuple[str, str], list[str]] = defaultdict(list)
        for arrow in picture.arrows:
            if arrow.kind == "forward":
                self._entering[arrow.target].append(arrow.key)
            else:
                self._returning[arrow.source, arrow.target].append(arrow.key)

    def entering(self, key: str) -> list[str]:
        """Forward arrows into a box."""
        return self._entering[key]

    def returning(self, consumer: Name, key: str) -> str | None:
        """The next backward arrow from a consumer, in the order of the sweep."""
        waiting = self._returning.get((self._keys.get(consumer, ""), key))
        return waiting.pop(0) if waiting else None
