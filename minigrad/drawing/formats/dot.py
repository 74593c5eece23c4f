"""A picture in Graphviz's DOT language, complete by itself: ``dot -Tsvg graph.dot -o graph.svg`` draws it.

It is for other programs; the pictures that `minigrad` saves have formulas, maps and rows that DOT cannot describe.
"""

from __future__ import annotations

import html

from minigrad.drawing.formats.plain_text import clipped, line_text, map_text
from minigrad.drawing.picture import Arrow, Box, Frame, Line, Map, Picture, Rule
from minigrad.drawing.theme import LIGHT
from minigrad.notation import printable

__all__ = ["dot_source"]

_FONT = "Helvetica,Arial,sans-serif"
_LONGEST_LINE, _LONGEST_TOOLTIP = 80, 1000

#: Kinds differ in outline, not in colour alone.
_OUTLINES = {
    "parameter": 'shape=box, style=filled, penwidth=3',
    "layer": 'shape=box, style=filled, penwidth=3',
    "given": 'shape=note, style=filled',
    "constant": 'shape=box, style="rounded,filled", penwidth=0.7',
    "computed": 'shape=box, style="rounded,filled"',
    "operation": 'shape=box, style="rounded,filled"',
    "module": 'shape=box, style="rounded,filled"',
    "unrecorded": 'shape=box, style="dashed,filled"',
    "failed": 'shape=octagon, style=filled, penwidth=2',
    "more": 'shape=box3d, style=filled',
}  # fmt: skip


def dot_source(picture: Picture, colors: dict[str, str] = LIGHT) -> str:
    """The picture as DOT text.

    >>> from minigrad.drawing.picture import Span
    >>> w, y = (Box(name, "computed", (Line((Span(name),)),)) for name in "wy")
    >>> "w -> y" in dot_source(Picture((w, y), (Arrow("a0", "w", "y"),)))
    True
    """
    text = colors["text"]
    lines = [
        "digraph minigrad {",
        f'  graph [rankdir=LR, bgcolor="{colors["background"]}", fontname="{_FONT}", fontcolor="{text}", '
        f"nodesep=0.3, ranksep=0.5, labelloc=b, labeljust=l, tooltip={_quoted(picture.title)}"
        + (f", label={_label(list(picture.notes), '')}" if picture.notes else "")
        + "]",
        f'  node [fontname="{_FONT}", fontcolor="{text}", margin="0.14,0.07", height=0.3, width=0.3]',
        f'  edge [fontname="{_FONT}", fontcolor="{text}", fontsize=12, arrowsize=0.8]',
    ]
    lines += _boxes_and_frames(picture, colors)
    lines += [f"  {_arrow(arrow, colors)}" for arrow in picture.arrows]
    return "\n".join([*lines, "}", ""])


def _boxes_and_frames(picture: Picture, colors: dict[str, str]) -> list[str]:
    """Frames as nested clusters. Nothing recurses: they may be nested deeper than Python's stack."""
    inside: dict[int | None, list[str]] = {None: []}
    frames: dict[int | None, list[int]] = {}
    for box in picture.boxes:
        inside.setdefault(box.frame, []).append(_box(box, colors))
    for i, frame in enumerate(picture.frames):
        frames.setdefault(frame.outer, []).append(i)
    lines: list[str] = []
    waiting: list[int | str] = [*reversed(frames.get(None, []))]
    depth = 1
    while waiting:
        following = waiting.pop()
        if isinstance(following, str):  # the end of a frame
            depth -= 1
            lines.append(_indented(following, depth))
            continue
        lines.append(_indented(f"subgraph cluster_{following} {{", depth))
        depth += 1
        frame = picture.frames[following]
        lines += (_indented(line, depth) for line in (_cluster(frame, colors), *inside.get(following, ())))
        waiting += ["}", *reversed(frames.get(following, []))]
    return [*lines, *(_indented(line, 1) for line in inside[None])]


def _indented(line: str, depth: int) -> str:
    return "  " * min(depth, 20) + line


def _cluster(frame: Frame, colors: dict[str, str]) -> str:
    return (
        f'label={_label([frame.label], "l")}; tooltip={_quoted(frame.description)}; style="rounded,filled"; '
        f'color="{colors["frame.line"]}"; fillcolor="{colors["frame.fill"]}"; labelloc=t; labeljust=l'
    )


def _box(box: Box, colors: dict[str, str]) -> str:
    family = {"layer": "parameter", "operation": "computed", "module": "computed", "more": "constant"}
    family_of_kind = family.get(box.kind, box.kind)
    rows: list[Line | str] = []
    for row in box.rows:
        if isinstance(row, Map):
            rows.append(map_text(row))
        elif not isinstance(row, Rule):
            rows.append(row)
    if box.times > 1 and not any("×" in line_text(row) for row in rows if isinstance(row, Line)):
        rows.append(f"×{box.times}")
    root = ", peripheries=2" if box.root else ""
    return (
        f'{box.key} [{_OUTLINES[box.kind]}{root}, color="{colors[f"{family_of_kind}.line"]}", '
        f'fillcolor="{colors[f"{family_of_kind}.fill"]}", label={_label(rows, "n")}, '
        f"tooltip={_quoted(box.description)}]"
    )


def _arrow(arrow: Arrow, colors: dict[str, str]) -> str:
    attributes = [f'color="{colors[arrow.kind]}"', f"tooltip={_quoted(arrow.description)}"]
    if arrow.labels:
        attributes.append(f"label={_label(list(arrow.labels), 'n')}")
    if arrow.port is not None:
        attributes.append(f'headlabel="{arrow.port}"')
    if arrow.kind == "backward":  # from where the value comes to where it is used, with its head at the beginning
        attributes += ["dir=back", "style=dashed", "arrowtail=vee", f'fontcolor="{colors["signal"]}"']
        return f"{arrow.target} -> {arrow.source} [{', '.join(attributes)}]"
    if arrow.detached:
        attributes.append("arrowtail=tee, dir=both")
    return f"{arrow.source} -> {arrow.target} [{', '.join(attributes)}]"


def _label(rows: list[Line] | list[Line | str], end: str) -> str:
    r"""Rows as one quoted label; `end` is the letter of the escape after each, n (centered) or l (left)."""
    texts = [clipped(row if isinstance(row, str) else line_text(row), _LONGEST_LINE) for row in rows]
    return '"' + "".join(f"{_escaped(text)}\\{end or 'l'}" for text in texts if text) + '"'


def _quoted(text: str) -> str:
    """Text of several lines as a quoted attribute; Graphviz puts a default in the place of an empty one."""
    return '"' + "\\n".join(map(_escaped, clipped(text, _LONGEST_TOOLTIP).split("\n"))) + (" " * (not text)) + '"'


def _escaped(text: str) -> str:
    r"""Text without markup, Graphviz's escapes, or characters that are not to be seen, which XML may not allow.

    Graphviz expands ``\N`` and HTML entities in quoted text, some of them twice, so no spelling of a backslash is safe
    everywhere. A look-alike character replaces it.
    """
    return html.escape(printable(text)).replace("\\", "∖")
