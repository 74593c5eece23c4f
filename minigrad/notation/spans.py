"""Formulas as pieces of text in one style each, for pictures: indices lower, exponents higher, bars as lines.

A picture knows the width of each piece, and sets it by itself. So no piece holds a combining bar, which fonts place
badly, nor an ordinary space, which writers of pictures drop; and letters that are written from right to left stay in
pieces of their own, so that they turn nothing round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from minigrad.notation.layout import (
    Fenced,
    Fraction,
    Identifier,
    Layout,
    Matrix,
    Number,
    Phrase,
    Root,
    Row,
    Script,
    Sign,
    Total,
    Word,
)
from minigrad.notation.name import Name, printable

__all__ = ["Piece", "is_right_to_left", "name_pieces", "pieces", "shortened"]

_NO_BREAK = "\N{NO-BREAK SPACE}"
_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
_FRACTIONS = {("1", "2"): "½", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "3"): "⅓", ("2", "3"): "⅔"}
_ROOTS = {"": "√", "3": "∛"}


class Piece(NamedTuple):
    """Text in one style.

    Attributes:
        text: without control characters, ordinary spaces and combining bars.
        script: whether it is lower (``"sub"``) or higher (``"super"``) than the rest.
        bar: whether an error signal's bar is over it.
    """

    text: str
    script: Literal["", "sub", "super"] = ""
    bar: bool = False


def pieces(layout: Layout) -> tuple[Piece, ...]:
    """The pieces of a formula, from left to right.

    >>> from minigrad.notation import Symbolic, typeset_formula
    >>> y_bar, w = Symbolic.symbol("y_bar", 3.0), Symbolic.symbol("w_1", 2.0)
    >>> [tuple(piece) for piece in pieces(typeset_formula((y_bar * w**2).expression, flat=True))]
    [('y', '', True), ('\\xa0w', '', False), ('1', 'sub', False), ('2', 'super', False)]
    """
    return tuple(_joined(_spelled(layout)))


def name_pieces(name: Name) -> tuple[Piece, ...]:
    """The pieces of a name: its letter or word, its index, the number of its layer.

    >>> [tuple(piece) for piece in name_pieces(Name.parse("L_reg").bar)]
    [('L', '', True), ('reg', 'sub', False)]
    """
    return tuple(_joined(_identifier(name)))


def shortened(parts: Iterable[Piece], longest: int) -> tuple[Piece, ...]:
    """The pieces up to a number of characters; an ellipsis stands for the rest.

    >>> [piece.text for piece in shortened([Piece("encoder"), Piece("layers", "sub")], 10)]
    ['encoder', 'la…']
    """
    parts = tuple(parts)
    if sum(len(piece.text) for piece in parts) <= longest:
        return parts
    room, kept = longest - 1, list[Piece]()
    for piece in parts:
        if len(piece.text) >= room:
            return (*kept, piece._replace(text=piece.text[:room].rstrip(_NO_BREAK) + "…"))
        kept.append(piece)
        room -= len(piece.text)
    return tuple(kept)


def is_right_to_left(text: str) -> bool:
    """Whether a text holds letters that are written from right to left, as Hebrew and Arabic are."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text)


def _joined(parts: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours in one style as one piece, except for letters that are written from right to left."""
    before: Piece | None = None
    for piece in parts:
        piece = piece._replace(text=piece.text.replace(" ", _NO_BREAK))
        if not piece.text:
            continue
        if before is None:
            before = piece
        elif before[1:] == piece[1:] and not piece.bar and not is_right_to_left(before.text + piece.text):
            before = before._replace(text=before.text + piece.text)
        else:
            yield before
            before = piece
    if before is not None:
        yield before


def _spelled(layout: Layout) -> Iterator[Piece]:
    match layout:
        case Identifier(name):
            yield from _identifier(name)
        case Word(text) if len(text) > 1 and text.endswith("ᵀ"):
            yield from (Piece(printable(text[:-1])), Piece("T", "super"))
        case Word(text):
            yield Piece(printable(text))
        case Sign("ᵀ"):
            yield Piece("T")
        case Number(text) | Sign(text) | Phrase(text):
            yield Piece(text)
        case Row(parts):
            for part in parts:
                yield from _spelled(part)
        case Fenced(body, left, right):
            yield from (Piece(left), *_spelled(body), Piece(right))
        case Script(base, above, below):
            yield from _spelled(base)
            yield from _raised(below, "sub")
            yield from _raised(above, "super")
        case Fraction(Number(above), Number(below)) if (above, below) in _FRACTIONS:
            yield Piece(_FRACTIONS[above, below])
        case Fraction(above, below):
            yield from (*_spelled(above), Piece(" / "), *_spelled(below))
        case Root(body, degree):
            yield from (Piece(_ROOTS[degree]), *_spelled(body))
        case Total(letters, sign):
            yield from (Piece(sign), Piece(letters, "sub"), Piece(" "))
        case Matrix(rows):
            yield Piece("[" + "; ".join(", ".join(cell.text for cell in row) for row in rows) + "]")


def _identifier(name: Name) -> Iterator[Piece]:
    base = name.base
    if name.hatted:
        base = unicodedata.normalize("NFC", base[:1] + _HAT) + base[1:]
    yield Piece(base, bar=name.barred)
    if name.index:
        yield Piece(name.index, "sub")
    if name.layer:
        yield Piece(f"({name.layer})", "super")


def _raised(layout: Layout | None, script: Literal["sub", "super"]) -> Iterator[Piece]:
    """An exponent or an index; within it, another one is written on its line, after ^ or _."""
    for piece in () if layout is None else _spelled(layout):
        sign = {"": "", "sub": "_", "super": "^"}[piece.script]
        yield piece._replace(text=sign + piece.text, script=script)
