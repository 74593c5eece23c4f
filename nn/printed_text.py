"""Text for people: tables, and names as they are shown in them, in the structure of a model, and in messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import minigrad as mg

__all__ = ["lengths", "printable", "text_table"]


#: The names of modules are those of attributes, which may be any string: with a � for what moves a terminal's cursor.
printable = mg.notation.printable


def lengths(value: Any, axes: int | None = None) -> str:
    """The lengths of a window along its axes, or a setting of it, as drawings show them.

    Arguments:
        axes: how many axes a single number stands for; if not given, equal lengths are one number.

    >>> lengths(5, 2), lengths((1, 3), 2), lengths((2, 2)), lengths((0, 1))
    ('5×5', '1×3', '2', '0×1')
    """
    values = list(value) if isinstance(value, tuple | list) else [value] * (axes or 1)
    if axes is None and all(n == values[0] for n in values):
        values = values[:1]
    return "×".join("all" if n is None else str(n) for n in values)


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
