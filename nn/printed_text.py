"""Text for people: tables, and names as they are shown in them, in the structure of a model, and in messages."""

from __future__ import annotations

from collections.abc import Sequence

import minigrad as mg

__all__ = ["printable", "text_table"]


#: The names of modules are those of attributes, which may be any string: with a � for what moves a terminal's cursor.
printable = mg.notation.printable


def text_table(title: str, rows: Sequence[Sequence[str]], numbers: int, *below: str) -> str:
    """A title, the first row as the header, the other rows, and lines `below` them.

    Arguments:
        numbers: how many columns, counted from the right, hold numbers; they are aligned right.
    """
    rows = [[printable(text) for text in row] for row in rows]
    columns = range(len(rows[0]))
    widths = [max(len(row[i]) for row in rows) for i in columns]
    first_number = len(columns) - numbers
    lines = [
        "  ".join(f"{row[i]:{'<' if i < first_number else '>'}{widths[i]}}" for i in columns).rstrip() for row in rows
    ]
    rule = "─" * (sum(widths) + 2 * len(columns) - 2)
    return "\n".join([printable(title), rule, lines[0], rule, *lines[1:], *((rule, *below) if below else ())])
