"""Text for people: tables, and names as they are shown in them, in the structure of a model, and in messages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import minigrad as mg

__all__ = ["html_table", "lengths", "per_axis", "printable", "text_table"]


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


def per_axis(values: tuple[Any, ...]) -> str:
    """The value of each axis, written once if all are equal."""
    words = ["–" if value is None else f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return (words[0] if len(set(words)) == 1 else " × ".join(words)).replace("-", "−")


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


def html_table(title: str, rows: Sequence[Sequence[str]], numbers: int, *below: str) -> str:
    """The same table for a notebook, in the colours of its page; the first column holds the headings of the rows."""
    header, *others = ([escape(printable(text)) for text in row] for row in rows)
    style = "text-align: {}; white-space: nowrap; padding: 0.1em 0.6em; font-variant-numeric: tabular-nums"
    left, right = style.format("left"), style.format("right")
    styles = [left] * (len(header) - numbers) + [right] * numbers
    line = "1px solid currentColor"
    cells = [f'<th scope="col" style="{how}">{text}</th>' for text, how in zip(header, styles, strict=True)]
    lines = [
        '<table style="border-collapse: collapse">',
        f'<caption style="{left}; caption-side: top">{escape(printable(title))}</caption>',
        f'<thead><tr style="border-block: {line}">{"".join(cells)}</tr></thead>',
        "<tbody>",
    ]
    for first, *row in others:
        cells = [f'<td style="{how}">{text}</td>' for text, how in zip(row, styles[1:], strict=True)]
        lines.append(f'<tr><th scope="row" style="{left}; font-weight: normal">{first}</th>{"".join(cells)}</tr>')
    lines.append("</tbody>")
    if below:
        text = "<br>".join(escape(printable(part)) for part in below)
        cell = f'<td colspan="{len(header)}" style="text-align: left; padding: 0.3em 0.6em">{text}</td>'
        lines.append(f'<tfoot><tr style="border-top: {line}">{cell}</tr></tfoot>')
    return "\n".join([*lines, "</table>"])
