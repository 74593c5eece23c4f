"""Names as they are shown: in tables, in the structure of a model, in messages."""

from __future__ import annotations

import unicodedata

__all__ = ["printable"]


def printable(text: str) -> str:
    """Text with a � for each character that could move a terminal's cursor, change its colours or break a line.

    A combining mark at the beginning gets a circle to stand on.

    The names of modules are those of attributes, which may be any string.

    >>> printable("conv\\x1b[31m1")
    'conv�[31m1'
    """
    text = "".join(c if c.isprintable() else "�" for c in text)
    return f"◌{text}" if text and unicodedata.category(text[0]).startswith("M") else text
