"""A picture in its places: shapes and text with coordinates in pixels, which every format writes down in the same way.

y grows downwards; (0, 0) is the upper left corner. What an item means (`fill`, `stroke`) becomes a colour in `theme`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from minigrad.drawing.picture import Event, Span

__all__ = ["Image", "Item", "Path", "Scene", "Text"]


@dataclass(frozen=True)
class Path:
    """A line or an area.

    Attributes:
        commands: ``("M", x, y)``, ``("L", x, y)``, ``("C", x1, y1, x2, y2, x, y)``, ``("Z",)``, as in SVG.
        stroke, fill: names of the theme's colours (``"computed.line"``, ``"computed.fill"``, ``"signal"``), or empty.
        width: of the line, in pixels.
        dashed, dotted: whether the line is dashed, as backward arrows are, or dotted, as what waits for its step is.
        key, part: the box or arrow it belongs to (empty for the legend), and what of it: ``"outline"``, ``"rule"``,
            ``"line"``, ``"head"``, or the part of the row that a rule belongs to.
    """

    commands: tuple[tuple[Any, ...], ...]
    stroke: str = ""
    fill: str = ""
    width: float = 2.0
    dashed: bool = False
    dotted: bool = False
    key: str = ""
    part: str = "outline"


@dataclass(frozen=True)
class Text:
    """A run of text in one style, in a space of known width.

    Attributes:
        x, y: its left end, on the base line of its own letters: that of a subscript is lower already.
        width: what it may take, by the table of advance widths; writers fit it to that, whatever font there is.
        size: of the font, in pixels; smaller for a subscript.
        part: of the box; ``"label"`` of an arrow, and ``"port"`` for the place of the argument.
    """

    x: float
    y: float
    width: float
    size: float
    span: Span
    key: str = ""
    part: str = "name"


@dataclass(frozen=True)
class Image:
    """Pixels, uint8 of shape ``(rows, columns, 4)``, drawn with sharp edges."""

    x: float
    y: float
    width: float
    height: float
    rgba: Any
    description: str = ""
    key: str = ""
    part: str = "value"


Item = Path | Text | Image


@dataclass(frozen=True)
class Scene:
    """Everything in its place.

    Attributes:
        width, height: in pixels, at which a usual line of text has its size as in `picture`.
        items: back to front.
        groups: for each box and arrow its kind (``"box"``, ``"forward"``, ``"backward"``, ``"frame"``) and its
            description, in reading order.
        events: as in the picture.
        notes: what `layout` folded to make it fit, as text.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    groups: dict[str, tuple[Literal["box", "forward", "backward", "frame"], str]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    title: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()
