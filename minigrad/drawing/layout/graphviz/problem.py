"""A graph of boxes for Graphviz, and the places that it found.

Graphviz sees boxes and labels as empty rectangles of a known size: no text reaches it. A label is a node on the way of
its arrow, which runs straight through it: so nothing comes to lie over it, and no arrow crosses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from minigrad.drawing.layout.arrows.curves import Curve, Point, join, straight

__all__ = ["HEAD", "Label", "Link", "Places", "Problem", "Way", "read_places", "to_dot"]

# how long Graphviz looks for better places
_CARE = "nslimit=2, nslimit1=2, mclimit=0.5, searchsize=30"
_HASTY = "nslimit=0.2, nslimit1=0.5, mclimit=0.1, searchsize=10"

#: Graphviz sees boxes larger by this on each side: arrows pass them at a distance.
MARGIN = 6.0

_PORT = 14.0  # what an arrow takes of the edge through which it enters or leaves

#: The length of an arrow's head.
HEAD = 12.0


@dataclass(frozen=True)
class Label:
    """Room beside an arrow: above and below it, or to its left and right where ranks run from top to bottom.

    Attributes:
        before, after: width and height on both sides.
        between: the room of the lines themselves.
        frame: the key of the frame that it is in.
    """

    before: tuple[float, float]
    after: tuple[float, float]
    between: float
    frame: str | None = None

    def size(self, direction: str) -> tuple[float, float]:
        """The room for all."""
        (a, b), (c, d) = self.before, self.after
        if direction == "LR":
            return max(a, c), b + self.between + d
        return a + self.between + c, max(b, d)


@dataclass(frozen=True)
class Link:
    """An arrow, or two side by side, from what is used to what uses it.

    Attributes:
        source, target: keys of boxes, or names of ports.
        heads: whether it has heads at the source and at the target.
        further: how many ranks more than necessary it spans.
    """

    key: str
    source: str
    target: str
    heads: tuple[bool, bool] = (False, True)
    label: Label | None = None
    further: int = 0


@dataclass(frozen=True)
class Problem:
    """What one call of Graphviz is to lay out.

    Attributes:
        boxes: width and height of each box, by its key.
        links: all arrows.
        direction: from left to right or from top to bottom.
        entries, exits: names of ports at the left and right edge, through which arrows come in and leave.
        frames: for each frame its key, the key of the frame around it, the boxes in it, and the size of its label.
        gap: between boxes of a rank, and between ranks.
        hasty: whether less care is taken, which large graphs need.
    """

    boxes: dict[str, tuple[float, float]]
    links: list[Link]
    direction: Literal["LR", "TB"] = "LR"
    entries: list[str] = field(default_factory=list)
    exits: list[str] = field(default_factory=list)
    frames: list[tuple[str, str | None, list[str], tuple[float, float]]] = field(default_factory=list)
    gap: tuple[float, float] = (18.0, 44.0)
    hasty: bool = False


@dataclass(frozen=True)
class Way:
    """The way of an arrow: its curve, and the middles of its labels."""

    curve: Curve
    before: Point | None = None
    after: Point | None = None


@dataclass(frozen=True)
class Places:
    """Where Graphviz put everything, y downwards, from (0, 0): centres of boxes and ports, ways, frames."""

    width: float
    height: float
    boxes: dict[str, Point]
    ways: dict[str, Way]
    frames: dict[str, tuple[float, float, float, float]]


def to_dot(problem: Problem) -> str:
    """The problem in Graphviz's language."""
    names = {key: f"n{index}" for index, key in enumerate([*problem.boxes, *problem.entries, *problem.exits])}
    across, along = (gap - 2 * MARGIN for gap in problem.gap)
    labelled = any(link.label for link in problem.links)
    along = along / 2 if labelled else along  # labels have ranks of their own
    lines = [
        "digraph {",
        f"graph [rankdir={problem.direction}, nodesep={_inches(across)}, ranksep={_inches(along)}]",
        f"graph [{_HASTY if problem.hasty else _CARE}, splines=true]",
        'node [shape=box, fixedsize=true, label="", margin=0]',
        f"edge [arrowsize={HEAD / 10}]",
    ]
    lines += _frames(problem, names)
    lines += [
        f"{names[key]} [width={_inches(width + 2 * MARGIN)}, height={_inches(height + 2 * MARGIN)}]"
        for key, (width, height) in problem.boxes.items()
    ]
    thin, wide = ("0.01", _inches(_PORT)) if problem.direction == "LR" else (_inches(_PORT), "0.01")
    for rank, ports in (("source", problem.entries), ("sink", problem.exits)):
        if ports:
            points = "; ".join(f"{names[port]} [width={thin}, height={wide}]" for port in ports)
            lines.append(f"{{rank={rank}; {points}}}")
    came_in, goes_out = ("w", "e") if problem.direction == "LR" else ("n", "s")
    for index, link in enumerate(problem.links):
        at_source, at_target = link.heads
        source, target = names[link.source], names[link.target]
        if link.label:
            first, second = "back" if at_source else "none", "forward" if at_target else "none"
            lines.append(f"m{index} [fixedsize=false, shape=plain, label={_label(link.label, problem.direction)}]")
            lines.append(
                f'{source} -> m{index}:p:{came_in} [id="{index}/0", dir={first}, minlen={1 + 2 * link.further}]'
            )
            lines.append(f'm{index}:p:{goes_out} -> {target} [id="{index}/1", dir={second}]')
        else:
            head = {(True, True): "both", (True, False): "back", (False, True): "forward"}.get(link.heads, "none")
            minlen = (1 + link.further) * (2 if labelled else 1)
            options = f'id="{index}/", dir={head}, minlen={minlen}'
            lines.append(f"{source} -> {target} [{options}]")
    return "\n".join([*lines, "}"])


def _label(label: Label, direction: str) -> str:
    """An empty table, through the middle cell of which the arrow runs."""
    width, height = label.size(direction)
    cells = []
    for size, port in ((label.before, ""), (None, ' port="p"'), (label.after, "")):
        wide, high = size or (label.between, label.between)
        if size == (0.0, 0.0):
            continue
        wide, high = (width, high) if direction == "LR" else (wide, height)
        cells.append(f'<td{port} border="0" fixedsize="true" width="{wide:.0f}" height="{high:.0f}"></td>')
    rows = "".join(f"<tr>{cell}</tr>" for cell in cells) if direction == "LR" else f"<tr>{''.join(cells)}</tr>"
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{rows}</table>>'


def _frames(problem: Problem, names: dict[str, str]) -> list[str]:
    inner: dict[str | None, list[int]] = {}
    for index, (_, outer, _, _) in enumerate(problem.frames):
        inner.setdefault(outer, []).append(index)
    inside: dict[str | None, list[str]] = {}
    for index, link in enumerate(problem.links):
        if link.label:
            inside.setdefault(link.label.frame, []).append(f"m{index}")

    def lines(outer: str | None) -> list[str]:
        found = []
        for index in inner.get(outer, []):
            key, _, boxes, (width, height) = problem.frames[index]
            cell = '<tr><td border="0"></td></tr>'
            table = f'<table border="0" fixedsize="true" width="{width:.0f}" height="{height:.0f}">{cell}</table>'
            found += [f"subgraph cluster_{index} {{", f"graph [label=<{table}>, labeljust=l, margin=10]", *lines(key)]
            found += [f"{name};" for name in [*(names[box] for box in boxes), *inside.get(key, [])]]
            found.append("}")
        return found

    return lines(None)


def read_places(problem: Problem, answer: dict[str, Any]) -> Places:
    """Graphviz's answer, in the problem's words."""
    _, _, width, height = _numbers(answer["bb"])
    keys = [*problem.boxes, *problem.entries, *problem.exits]
    boxes: dict[str, Point] = {}
    frames: dict[str, tuple[float, float, float, float]] = {}
    labels: dict[int, Point] = {}

    def point(x: float, y: float) -> Point:
        return x, height - y

    for node in answer.get("objects", ()):
        name = node["name"]
        if name.startswith("cluster_"):
            left, low, right, high = _numbers(node["bb"])
            frames[problem.frames[int(name[8:])][0]] = (*point(left, high), right - left, high - low)
        elif name[0] == "m":
            labels[int(name[1:])] = point(*_numbers(node["pos"]))
        elif "pos" in node:
            boxes[keys[int(name[1:])]] = point(*_numbers(node["pos"]))
    parts: dict[str, Curve] = {}
    for edge in answer.get("edges", ()):
        # the first spline of the edge; where a head is, it stops before the box, and the head reaches from there
        ends, points = {}, []
        for word in edge["pos"].split(";")[0].split():
            if word[0] in "es":
                ends[word[0]] = point(*_numbers(word[2:]))
            else:
                points.append(point(*_numbers(word)))
        start, end = ends.get("s"), ends.get("e")
        parts[edge["id"]] = join([*([[start]] if start else []), points, *([[end]] if end else [])])
    ways = {}
    for index, link in enumerate(problem.links):
        if not link.label:
            ways[link.key] = Way(parts[f"{index}/"])
            continue
        first, last = parts[f"{index}/0"], parts[f"{index}/1"]
        curve = join([first, straight(first[-1], last[0]), last])
        ways[link.key] = Way(curve, *_middles(link.label, problem.direction, labels[index]))
    return Places(width, height, boxes, ways, frames)


def _middles(label: Label, direction: str, middle: Point) -> tuple[Point, Point]:
    """The middles of the rooms before and after."""
    width, height = label.size(direction)
    x, y = middle
    if direction == "LR":
        return (x, y - height / 2 + label.before[1] / 2), (x, y + height / 2 - label.after[1] / 2)
    return (x - width / 2 + label.before[0] / 2, y), (x + width / 2 - label.after[0] / 2, y)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _inches(pixels: float) -> str:
    """Graphviz counts 72 points to an inch; a point is taken as a pixel."""
    return f"{pixels / 72:.4f}"
