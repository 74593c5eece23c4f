"""Text in the columns of a terminal, where a bar over a letter takes none."""

from __future__ import annotations

from minigrad.notation import width

__all__ = ["clipped", "cut", "harmless", "wrapped"]


def harmless(text: str) -> str:
    """The text without control characters, which could move the cursor or change colours."""
    return "".join(c if c.isprintable() else " " for c in text)


def cut(text: str, columns: int) -> tuple[str, str]:
    """Two parts, the first as wide as there is room; a bar stays on its letter.

    >>> [len(part) for part in cut("w̄x̄", 1)]
    [2, 2]
    """
    taken = 0
    for i, c in enumerate(text):
        taken += width(c)
        if taken > columns:
            return text[:i], text[i:]
    return text, ""


def clipped(text: str, columns: int) -> str:
    """The text, or what there is room for.

    >>> clipped("z = w x + b", 11), clipped("z = w x + b", 8)
    ('z = w x + b', 'z = w x…')
    """
    return text if width(text) <= columns else cut(text, columns - 1)[0] + "…" if columns > 0 else ""


def wrapped(text: str, columns: int) -> list[str]:
    """Lines no wider than there is room: broken between words, the lines of a matrix cut off instead.

    >>> wrapped("= w x + b", 5)
    ['= w x', '+ b']
    """
    columns = max(columns, 1)
    if "\n" in text:
        return [clipped(line, columns) for line in text.split("\n")]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > columns:
            lines.append("")
        lines[-1], rest = cut(f"{lines[-1]} {word}" if lines[-1] else word, columns)
        while rest:  # a word that is wider than a line
            start, rest = cut(rest, columns)
            lines.append(start)
    return lines
