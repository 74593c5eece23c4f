"""A graph of boxes for Graphviz, and the places that it found.

Graphviz sees boxes and labels as empty rectangles of a known size: no text reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Curve", "Edge", "Places", "Problem", "read_places", "to_dot"]

Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """An arrow, from what is used to what uses it, whichever way it points: so backward arrows leave the ranks alone.

    Attributes:
        key: of the arrow.
        source, target: keys of boxes, or names of ports.
        head: at which end its head is.
        label: width and height of its label.
        minlen: how many ranks it spans at least.
        weight: how much it wants to be short and straight.
    """

    key: str
    source: str
    target: str
    head: Literal["target", "source", ""] = "target"
    label: tuple[float, float] | None = None
    minlen: int = 1
    weight: int = 1


@dataclass(frozen=True)
class Problem:
    """What one call of Graphviz is to lay out.

    Attributes:
        boxes: width and height of each box, by its key.
        edges: all edges.
        direction: from left to right or from top to bottom.
        entries, exits: names of ports at the left and right edge, through which arrows come in and leave.
        frames: for each frame its key, the key of the frame around it, the boxes in it, and the size of its label.
        gap: between boxes of a rank, and between ranks.
        straight: whether arrows are drawn as straight pieces, which takes less time.
    """

    boxes: dict[str, tuple[float, float]]
    edges: list[Edge]
    direction: Literal["LR", "TB"] = "LR"
    entries: list[str] = field(default_factory=list)
    exits: list[str] = field(default_factory=list)
    frames: list[tuple[str, str | None, list[str], tuple[float, float]]] = field(default_factory=list)
    gap: tuple[float, float] = (18.0, 36.0)
    straight: bool = False


@dataclass(frozen=True)
class Curve:
    """The way of an arrow: a start, then three points for each piece, as in SVG; and its ends, to which heads reach."""

    points: tuple[Point, ...]
    start: Point
    end: Point
    label: Point | None = None


@dataclass(frozen=True)
class Places:
    """Where Graphviz put everything, y downwards, from (0, 0): centres of boxes and ports, curves, frames."""

    width: float
    height: float
    boxes: dict[str, Point]
    curves: dict[str, Curve]
    frames: dict[str, tuple[float, float, float, float]]


def to_dot(problem: Problem) -> str:
    """The problem in Graphviz's language."""
    names = {key: f"n{index}" for index, key in enumerate([*problem.boxes, *problem.entries, *problem.exits])}
    across, along = problem.gap
    lines = [
        "digraph {",
        f"graph [rankdir={problem.direction}, nodesep={_inches(across)}, ranksep={_inches(along)}]",
        f"graph [nslimit=2, nslimit1=2, mclimit=0.5, searchsize=30, splines={'line' if problem.straight else 'true'}]",
        'node [shape=box, fixedsize=true, label="", margin=0]',
        "edge [arrowsize=1.2]",
    ]
    lines += _frames(problem, names)
    lines += [
        f"{names[key]} [width={_inches(width)}, height={_inches(height)}]"
        for key, (width, height) in problem.boxes.items()
    ]
    for rank, ports in (("source", problem.entries), ("sink", problem.exits)):
        if ports:
            points = "; ".join(f"{names[port]} [shape=point, width=0.01, height=0.01]" for port in ports)
            lines.append(f"{{rank={rank}; {points}}}")
    for edge in problem.edges:
        head = {"target": "forward", "source": "back", "": "none"}[edge.head]
        options = f'id="{edge.key}", dir={head}, minlen={edge.minlen}, weight={edge.weight}'
        if edge.label:
            width, height = (max(1, round(size)) for size in edge.label)
            cell = '<tr><td border="0"></td></tr>'
            options += (
                f', label=<<table border="0" cellspacing="0" cellpadding="0" fixedsize="true" width="{width}"'
                f' height="{height}">{cell}</table>>'
            )
        lines.append(f"{names[edge.source]} -> {names[edge.target]} [{options}]")
    return "\n".join([*lines, "}"])


def _frames(problem: Problem, names: dict[str, str]) -> list[str]:
    inner: dict[str | None, list[int]] = {}
    for index, (_, outer, _, _) in enumerate(problem.frames):
        inner.setdefault(outer, []).append(index)

    def lines(outer: str | None) -> list[str]:
        found = []
        for index in inner.get(outer, []):
            key, _, boxes, (width, height) = problem.frames[index]
            cell = '<tr><td border="0"></td></tr>'
            table = f'<table border="0" fixedsize="true" width="{round(width)}" height="{round(height)}">{cell}</table>'
            found += [f"subgraph cluster_{index} {{", f"graph [label=<{table}>, labeljust=l, margin=10]", *lines(key)]
            found += [f"{names[box]};" for box in boxes]
            found.append("}")
        return found

    return lines(None)


def read_places(problem: Problem, answer: dict[str, Any]) -> Places:
    """Graphviz's answer, in the problem's words."""
    _, _, width, height = _numbers(answer["bb"])
    keys = [*problem.boxes, *problem.entries, *problem.exits]
    boxes, frames, curves = {}, {}, {}

    def point(x: float, y: float) -> Point:
        return round(x, 2), round(height - y, 2)

    for node in answer.get("objects", ()):
        name = node["name"]
        if name.startswith("cluster_"):
            left, low, right, high = _numbers(node["bb"])
            frames[problem.frames[int(name[8:])][0]] = (*point(left, high), right - left, high - low)
        elif "pos" in node:
            x, y = _numbers(node["pos"])
            boxes[keys[int(name[1:])]] = point(x, y)
    for edge in answer.get("edges", ()):
        ends, points = {}, []
        for word in edge["pos"].split(";")[0].split():
            if word[0] in "es":
                ends[word[0]] = point(*_numbers(word[2:]))
            else:
                points.append(point(*_numbers(word)))
        label = point(*_numbers(edge["lp"])) if "lp" in edge else None
        curve = Curve(tuple(points), ends.get("s", points[0]), ends.get("e", points[-1]), label)
        curves[edge["id"]] = curve
    return Places(width, height, boxes, curves, frames)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _inches(pixels: float) -> str:
    """Graphviz counts 72 points to an inch; a point is taken as a pixel."""
    return f"{pixels / 72:.4f}"
