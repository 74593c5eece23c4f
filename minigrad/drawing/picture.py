"""What a picture shows, before anything has a place: boxes, arrows and frames, with the rows of text in them.

`levels` builds a picture from a graph, `contents` writes the rows, `layout` gives everything its place, and `formats`
writes the result down. All of it is text and small arrays: a picture keeps no part of the graph alive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Arrow", "Box", "Event", "Frame", "Line", "Map", "Picture", "Role", "Row", "Rule", "Span"]

#: What a text or a line means, from which `theme` gives its colour: plain text, an aside, a value, an error signal,
#: a warning such as NaN.
Role = Literal["text", "muted", "value", "signal", "warning"]
Scale = Literal["", "signed", "grey", "range"]  # of colours of a map; "" for a photograph


@dataclass(frozen=True)
class Span:
    """A piece of text in one style.

    Attributes:
        text: what to write, without control characters and without combining bars.
        role: what it means.
        script: ``"sub"`` and ``"super"`` are smaller, below and above the line.
        bar: whether an error signal's bar is drawn above it.
        bold: whether it is bold.
        scale: its size, of the line's: a word in small letters behind a name. A script is smaller still.
        detail: whether it is left out first where there is little room.
    """

    text: str
    role: Role = "text"
    script: Literal["", "sub", "super"] = ""
    bar: bool = False
    bold: bool = False
    scale: float = 1.0
    detail: bool = False


@dataclass(frozen=True)
class Line:
    """A line of text: spans side by side, which are never broken.

    Attributes:
        size: in pixels; 18 is usual, 24 a name, 16 an aside. `layout` scales the whole picture, not single lines.
        part: what of the box it tells, for stepping: its value appears in the forward pass, its signal in the
            backward pass.
        brief: what it says instead where there is little room: the shape of a matrix whose rows are details.
    """

    spans: tuple[Span, ...]
    size: float = 18
    part: Literal["name", "value", "signal"] = "name"
    centered: bool = False
    brief: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A line across the box, between two rows."""

    role: Role = "text"
    part: Literal["name", "value", "signal"] = "name"


@dataclass(frozen=True)
class Map:
    """An array as colours, one square for each element.

    Attributes:
        rgba: uint8, shape ``(rows, columns, 4)``; gaps between maps that lie side by side are transparent.
        scale: which colours it has, for the legend: ``"signed"`` from blue over white for 0 to orange, ``"grey"`` from
            white for 0 to black for the largest, ``"range"`` from white for the smallest; of a photograph none.
        broken: whether NaN or infinity is marked in it.
        shows: what of the array it shows, in a few words: ``("first example", "first 16 channels")``.
        cell: pixels for each element.
        description: for those who cannot see it: ``conv1, error signal, 6×28×28, from −0.2 to 0.3``.
    """

    rgba: Any
    cell: float
    part: Literal["name", "value", "signal"] = "value"
    description: str = ""
    scale: Scale = ""
    broken: bool = False
    shows: tuple[str, ...] = ()


Row = Line | Rule | Map


@dataclass(frozen=True)
class Box:
    """A node of the picture.

    Attributes:
        key: its identity in the picture, ``"b3"``: the third box of the forward pass, the same in every run.
        kind: decides shape and outline. ``"layer"`` has parameters, ``"module"`` has none; ``"unrecorded"`` was
            computed, but how is not known; ``"failed"`` is the operation that raised an error.
        rows: what stands in it, top to bottom; the first is its name.
        description: all of it in words: complete names, shape, dtype, the line of the program.
        root: whether the picture was asked of this value: a double outline.
        frame: the index of the frame around it.
        times: how many repetitions it stands for, as in ×4.
    """

    key: str
    kind: Literal[
        "parameter", "given", "constant", "computed", "operation", "layer", "module", "unrecorded", "failed", "more"
    ]
    rows: tuple[Row, ...]
    description: str = ""
    root: bool = False
    frame: int | None = None
    times: int = 1


@dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another.

    Attributes:
        key: its identity, ``"a5"``.
        source, target: keys of boxes. A backward arrow runs from the consumer to what it used.
        kind: ``"forward"``, a use of a value, or ``"backward"``, its contribution to an error signal.
        labels: lines of text beside it.
        port: the place of the argument, where the order of arguments matters: 1 for y in y − t, 2 for t.
        detached: whether no error signal comes back here, though the value was computed.
        description: in words.
    """

    key: str
    source: str
    target: str
    kind: Literal["forward", "backward"] = "forward"
    labels: tuple[Line, ...] = ()
    port: int | None = None
    detached: bool = False
    description: str = ""


@dataclass(frozen=True)
class Frame:
    """A rounded frame around boxes and other frames."""

    label: Line
    outer: int | None = None
    description: str = ""


@dataclass(frozen=True)
class Event:
    """A step of the walkthrough: what is computed in it.

    Attributes:
        shows: pairs of a key and a part that are first seen now: ``("b3", "value")``, ``("b1", "signal")``,
            ``("a5", "label")``.
        current: keys of boxes and arrows at which it happens.
        text: the step in words, for those who listen: ``z̄ = ȳ σ′(z) = −0.1463``.
    """

    shows: tuple[tuple[str, str], ...]
    current: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """What to draw.

    Attributes:
        boxes: in topological order.
        arrows: forward ones in the order of their uses, then backward ones in the order of the sweep.
        frames: outermost first.
        events: the steps of both passes, in order; empty where there are none.
        notes: lines below the picture: what was folded, how many examples and parameters there are.
        title, description: for those who cannot see it.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()
    frames: tuple[Frame, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[Line, ...] = ()
    title: str = "computation graph"
    description: str = ""
