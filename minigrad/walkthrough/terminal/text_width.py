"""Text fitted into the columns of a terminal, where a bar over a letter takes no column."""

from __future__ import annotations

from minigrad.notation import width

__all__ = ["split_at", "truncate", "wrap"]


def split_at(text: str, columns: int) -> tuple[str, str]:
    """The text split in two, the first part at most `columns` wide; a bar stays on its letter.

    >>> [len(part) for part in split_at("w̄x̄", 1)]
    [2, 2]
    """
    taken = 0
    for i, c in enumerate(text):
        taken += width(c)
        if taken > columns:
            return text[:i], text[i:]
    return text, ""


def truncate(text: str, columns: int) -> str:
    """The text, shortened to fit.

    >>> truncate("z = w x + b", 11), truncate("z = w x + b", 8)
    ('z = w x + b', 'z = w x…')
    """
    return text if width(text) <= columns else split_at(text, columns - 1)[0] + "…" if columns > 0 else ""


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most `columns`, broken between words; the lines of a matrix are truncated instead.

    >>> wrap("= w x + b", 5)
    ['= w x', '+ b']
    """
    columns = max(columns, 1)
    if "\n" in text:
        return [truncate(line, columns) for line in text.split("\n")]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > columns:
            lines.append("")
        lines[-1], rest = split_at(f"{lines[-1]} {word}" if lines[-1] else word, columns)
        while rest:  # a word wider than a line
            start, rest = split_at(rest, columns)
            lines.append(start)
    return lines
