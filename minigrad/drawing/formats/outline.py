"""A picture as a tree for terminals: from the roots down to what they were computed from.

A box that is used several times stands in full where it comes first; later uses refer to it. Nothing here recurses, for
a graph may be deeper than Python's stack; a branch that has no room left goes on below, at the margin.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from minigrad.drawing.formats.plain_text import line_text, map_text, name_text
from minigrad.drawing.picture import Arrow, Box, Line, Map, Picture, Row, Rule
from minigrad.notation import padded, width
from minigrad.walkthrough.terminal.text_width import truncate, wrap

__all__ = ["outline"]

_COLUMNS = 100
_DEEPEST = 36  # columns of branches, before a branch goes on at the margin
_LONGEST_NAME = 30  # of a box that is referred to
_NAME_COLUMN, _VALUE_COLUMN = 56, 26  # at most; longer ones take lines of their own
_MOST_BOXES = 200


class _Entry(NamedTuple):
    """A line of the tree: where it hangs, and what stands there."""

    first: str  # the branches before the name
    more: str  # those before further lines
    name: str
    value: str = ""
    signal: str = ""


def outline(picture: Picture) -> str:
    """The picture as lines of at most 100 columns.

    >>> from minigrad.drawing.picture import Span
    >>> w = Box("b0", "parameter", (Line((Span("w", bold=True),)), Line((Span("3"),), part="value")))
    >>> L = Box("b1", "computed", (Line((Span("L", bold=True), Span(" = w w"))), Line((Span("9"),), part="value")))
    >>> print(outline(Picture((w, L), (Arrow("a0", "b0", "b1"), Arrow("a1", "b0", "b1")))))
    L = w w      9
    ├─ w         3
    └─ ↑ see w above
    """
    groups, left_out = _Tree(picture).groups()
    entries = [entry for group in groups for entry in group]
    fitting = [e for e in entries if e.value or e.signal]
    name_column = max((w for e in fitting if (w := width(e.first + e.name)) <= _NAME_COLUMN), default=0)
    value_column = max((w for e in fitting if (w := width(e.value)) <= _VALUE_COLUMN), default=0)
    lines: list[str] = []
    for group in groups:
        lines += [""] if lines else []
        for entry in group:
            lines += _lines(entry, name_column, value_column)
    if left_out:
        boxes = "1 more box" if left_out == 1 else f"{left_out:,} more boxes"
        lines += ["", f"… and {boxes}: fold more of them, or save the picture as graph.svg"]
    for note in picture.notes:
        lines += ["", *wrap(line_text(note), _COLUMNS)]
    return "\n".join(line.rstrip() for line in lines)


class _Tree:
    """Walks from the roots to the leaves, in the order of the arguments, each box once."""

    def __init__(self, picture: Picture) -> None:
        self.boxes = {box.key: box for box in picture.boxes}
        self.frames = [line_text(frame.label) for frame in picture.frames]
        self.uses: dict[str, list[Arrow]] = {box.key: [] for box in picture.boxes}
        used = set()
        for arrow in picture.arrows:
            if arrow.kind == "forward":
                self.uses[arrow.target].append(arrow)
                used.add(arrow.source)
        roots = [box.key for box in picture.boxes if box.root]
        others = [box.key for box in picture.boxes if box.key not in used and not box.root]
        self.waiting = deque([*roots, *others])  # what is still to be written at the margin
        self.referred: dict[str, str] = {}  # the first word for a box that has its place: "above" or "below"

    def groups(self) -> tuple[list[list[_Entry]], int]:
        """The lines that hang together, and the number of boxes that are left out."""
        groups = []
        shown: set[str] = set()
        while self.waiting and len(shown) < _MOST_BOXES:
            top = self.waiting.popleft()
            if top not in shown:
                groups.append(self._group(top, shown))
        return groups, len(self.boxes) - len(shown)

    def _group(self, top: str, shown: set[str]) -> list[_Entry]:
        entries = []
        stack: list[tuple[str, Arrow | None, str, str, int | None]] = [(top, None, "", "", None)]
        while stack:
            key, arrow, first, more, frame = stack.pop()
            box = self.boxes[key]
            detached = "  (detached: no error signal comes back)" if arrow and arrow.detached else ""
            name = truncate(name_text(box), _LONGEST_NAME)
            if key in shown:
                entries.append(_Entry(first, more, f"↑ see {name} above{detached}"))
                continue
            uses = self.uses[key]
            if key in self.waiting or (uses and width(first) > _DEEPEST):
                entries.append(_Entry(first, more, f"↓ see {name} below{detached}"))
                if key not in self.waiting:
                    self.waiting.append(key)
                continue
            if len(shown) >= _MOST_BOXES:
                entries.append(_Entry(first, more, "…"))
                continue
            shown.add(key)
            entries.append(self._entry(box, first, more + ("│  " if uses else "   "), frame, detached))
            for i, use in reversed(list(enumerate(uses))):
                last = i == len(uses) - 1
                branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
                stack.append((use.source, use, more + branch, more + below, box.frame))
        return entries

    def _entry(self, box: Box, first: str, more: str, frame: int | None, detached: str) -> _Entry:
        name = _joined(box.rows, "name")
        if box.kind == "failed":
            title, _, message = name.partition(" · ")
            mark = "" if "✗" in title else "✗ "
            name = mark + title + (" · " + message.replace(" · ", " ") if message else "")  # it is broken into lines
        if box.times > 1 and "×" not in name:
            name += f" ×{box.times}"
        if box.frame is not None and box.frame != frame:
            name += f"  (in {truncate(self.frames[box.frame], _LONGEST_NAME)})"
        return _Entry(first, more, name + detached, _joined(box.rows, "value"), _joined(box.rows, "signal"))


def _joined(rows: tuple[Row, ...], part: str) -> str:
    """The lines of a part one after the other; what begins with a word is set apart."""
    joined = ""
    for i, row in enumerate(rows):
        text = "" if isinstance(row, Rule) or row.part != part else _text(row)
        if joined and text:
            goes_on = joined.endswith("=") or not text[0].isalnum() or isinstance(row, Map) or _is_formula(rows[:i])
            joined += " " if goes_on else " · " if part == "name" else ", "
        joined += text
    return joined


def _is_formula(rows: tuple[Row, ...]) -> bool:
    """Whether the lines so far are ``L = …``, so that what follows goes on with the formula."""
    return not any(isinstance(row, Rule) for row in rows) and any(
        isinstance(row, Line) and row.part == "name" and " = " in line_text(row) for row in rows
    )


def _text(row: Line | Map) -> str:
    return line_text(row).strip() if isinstance(row, Line) else map_text(row)


def _lines(entry: _Entry, name_column: int, value_column: int) -> list[str]:
    """One line with three columns, or several, where the texts are too long for it."""
    first = entry.first + entry.name
    fits = width(first) <= name_column and width(entry.value) <= value_column
    if fits and name_column + value_column + 4 + width(entry.signal) <= _COLUMNS:
        return [f"{padded(first, name_column)}  {padded(entry.value, value_column)}  {entry.signal}"]
    if not entry.value and not entry.signal and width(first) <= _COLUMNS:
        return [first]
    start, *rest = wrap(entry.name, _COLUMNS - width(entry.first))
    lines = [entry.first + start]
    for text in (*rest, entry.value, entry.signal):
        lines += [f"{entry.more}  {part}" for part in wrap(text, _COLUMNS - width(entry.more) - 2) if text]
    return lines
