"""How the picture looks, in Graphviz's DOT language.

Kinds of boxes differ in outline and text, not in colour alone. The colours are from Okabe and Ito's palette, which
people with any kind of colour vision can tell apart.
"""

from __future__ import annotations

import html
from typing import Any, NamedTuple

from minigrad.drawing.boxes_and_arrows import Box, Picture
from minigrad.notation import printable

__all__ = ["THEMES", "dot_source"]

_FONT = "Helvetica,Arial,sans-serif"


class Theme(NamedTuple):
    """The colours of page and text, and (line, fill) of frames and of each kind of box."""

    page: str
    text: str
    muted: str
    line: str
    frame: tuple[str, str]
    kinds: dict[str, tuple[str, str]]


THEMES = {
    "light": Theme("#ffffff", "#111111", "#4d4d4d", "#555555", ("#999999", "#f6f6f6"), {
        "operation": ("#0072b2", "#e3f1fa"), "module": ("#009e73", "#e0f4ee"), "parameter": ("#d58f00", "#fdf1d6"),
        "input": ("#b3568b", "#f9e9f2"), "number": ("#ffffff00", "#ffffff00")}),
    "dark": Theme("#16181d", "#f2f2f2", "#c0c4cc", "#a8adb7", ("#6b7280", "#1f2229"), {
        "operation": ("#56b4e9", "#12364b"), "module": ("#1fc99a", "#0d3b30"), "parameter": ("#e69f00", "#4a3608"),
        "input": ("#cc79a7", "#45263a"), "number": ("#00000000", "#00000000")}),
}  # fmt: skip

_OUTLINES = {
    "operation": {"shape": "ellipse", "margin": "0.04,0.02"},
    "module": {"shape": "box", "style": "rounded,filled", "margin": "0.14,0.08"},
    "parameter": {"shape": "cylinder", "margin": "0.12,0.06"},
    "input": {"shape": "note", "margin": "0.14,0.07"},
    "number": {"shape": "plaintext", "margin": "0.06,0.04", "height": "0"},
}


def dot_source(picture: Picture, *, direction: str, theme: Theme) -> str:
    """The picture as DOT text."""
    try:
        import graphviz
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "draw: needs the Python package graphviz, which writes the DOT language: pip install graphviz pygraphviz"
        ) from missing

    fonts = {"fontname": _FONT, "fontcolor": theme.text}
    graph = graphviz.Digraph(
        "minigrad",
        graph_attr={"rankdir": direction, "bgcolor": theme.page, "tooltip": "computation graph", "pad": "0.2",
                    "nodesep": "0.25", "ranksep": "0.4", **fonts},
        node_attr={"style": "filled", "penwidth": "1.4", "height": "0.3", "width": "0.3", **fonts},
        edge_attr={"color": theme.line, "arrowsize": "0.7"},
    )  # fmt: skip
    line, fill = theme.frame
    frames = [
        graphviz.Digraph(
            f"cluster_{i}",
            graph_attr={"label": _html([_row(frame.label, 13, bold=True)]), "tooltip": _attribute_text(frame.label),
                        "style": "rounded,filled", "color": line, "fillcolor": fill, "labeljust": "l", "margin": "12"},
        )
        for i, frame in enumerate(picture.frames)
    ]  # fmt: skip
    for i, box in enumerate(picture.boxes):
        (graph if box.frame is None else frames[box.frame]).node(f"n{i}", **_attributes(box, theme))
    for i in reversed(range(len(frames))):  # inner frames first: adding one copies its contents
        outer = picture.frames[i].outer
        (graph if outer is None else frames[outer]).subgraph(frames[i])
    for tail, head in picture.arrows:
        tooltip = f"{picture.boxes[tail].title} → {picture.boxes[head].title}"
        graph.edge(f"n{tail}", f"n{head}", tooltip=_attribute_text(tooltip))
    return str(graph.source)


def _attributes(box: Box, theme: Theme) -> dict[str, Any]:
    line, fill = theme.kinds[box.kind]
    rows = [_row(box.title, 14, bold=False) if box.kind == "number" else _row(box.title, 16, bold=True)]
    if box.subtitle:
        rows.append(_row(box.subtitle, 14))
    if box.notes:
        rows[-1] += _gap(3)
        rows += [_row(note, 12, color=theme.muted) for note in box.notes]
    if box.error_signal is not None:
        name = f"<o>{_label_text(box.name)}</o>" if box.name else "error signal"
        rows[-1] += _gap(6)
        rows.append(f'<font point-size="14">{name} = {box.error_signal}</font>')
    attributes = {"label": _html(rows), "color": line, "fillcolor": fill, "tooltip": _attribute_text(box.tooltip)}
    attributes |= _OUTLINES[box.kind]
    if box.ordered:
        attributes["ordering"] = "in"
    if box.result:
        attributes |= {"peripheries": "2", "penwidth": "2"}
    return attributes


def _gap(size: int) -> str:
    """Space between lines, to keep an underscore from touching the bar of an error signal below it."""
    return f'<br/><font point-size="{size}"> </font>'


def _row(text: str, size: int, *, bold: bool = False, color: str = "") -> str:
    shown = f"<b>{_label_text(text)}</b>" if bold else _label_text(text)
    colored = f' color="{color}"' if color else ""
    return f'<font point-size="{size}"{colored}>{shown}</font>'


def _html(rows: list[str]) -> str:
    """A label in Graphviz's HTML-like markup, for text in several sizes."""
    return f"<{'<br/>'.join(rows)}>"


def _label_text(text: str) -> str:
    """Text escaped for an HTML-like label, on one line."""
    return _escape(" ".join(text.split())) or " "


def _attribute_text(text: str) -> str:
    """Text escaped for a quoted attribute."""
    return _escape(text) or " "


def _escape(text: str) -> str:
    """Text without markup, Graphviz escapes, or characters that are not to be seen, which XML may not allow.

    Graphviz expands ``\\N`` and HTML entities in quoted text as well, some of them twice, so no spelling of a backslash
    is safe everywhere. A look-alike character replaces it.
    """
    return html.escape("\n".join(map(printable, text.split("\n")))).replace("\\", "∖")
