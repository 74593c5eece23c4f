"""Formulas as spans: indices lower, exponents higher, the bars of error signals as lines.

A picture knows the width of each span, and sets it by itself. So no span holds a combining bar, which fonts place
badly, nor an ordinary space, which writers of pictures drop; and letters that are written from right to left stay in
spans of their own, so that they turn nothing round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from minigrad.drawing.picture import Span
from minigrad.notation import Name, printable
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

__all__ = ["is_right_to_left", "joined", "shortened", "spans_of", "spans_of_name"]

_NO_BREAK = "\N{NO-BREAK SPACE}"
_HAT, _MACRON = "\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING MACRON}"
_FRACTIONS = {("1", "2"): "½", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "3"): "⅓", ("2", "3"): "⅔"}
_ROOTS = {"": "√", "3": "∛"}


def spans_of(layout: Layout) -> tuple[Span, ...]:
    """The spans of a formula, from left to right.

    >>> from minigrad.notation import Symbolic, typeset_formula
    >>> y_bar, w = Symbolic.symbol("y_bar", 3.0), Symbolic.symbol("w_1", 2.0)
    >>> for span in spans_of(typeset_formula((y_bar * w**2).expression, flat=True)):
    ...     print(span.text.strip(), span.script, "bar" * span.bar)
    y  bar
    w
    1 sub
    2 super
    """
    return tuple(joined(_spelled(layout)))


def spans_of_name(name: Name) -> tuple[Span, ...]:
    """The spans of a name: its letter or word, its index, the number of its layer.

    >>> [(span.text, span.script, span.bar) for span in spans_of_name(Name.parse("L_reg").bar)]
    [('L', '', True), ('reg', 'sub', False)]
    """
    return tuple(joined(_identifier(name)))


def shortened(parts: Iterable[Span], longest: int) -> tuple[Span, ...]:
    """The spans up to a number of characters; an ellipsis stands for the rest.

    >>> [span.text for span in shortened([Span("encoder"), Span("layers", script="sub")], 10)]
    ['encoder', 'la…']
    """
    parts = tuple(parts)
    if sum(len(span.text) for span in parts) <= longest:
        return parts
    room, kept = longest - 1, list[Span]()
    for span in parts:
        if len(span.text) >= room:
            return (*kept, replace(span, text=span.text[:room].rstrip(_NO_BREAK) + "…"))
        kept.append(span)
        room -= len(span.text)
    return tuple(kept)


def is_right_to_left(text: str) -> bool:
    """Whether a text holds letters that are written from right to left, as Hebrew and Arabic are."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text)


def joined(parts: Iterable[Span]) -> Iterator[Span]:
    """Neighbours in one style as one span, except for letters that are written from right to left."""
    before: Span | None = None
    for span in parts:
        span = replace(span, text=span.text.replace(" ", _NO_BREAK))
        if not span.text:
            continue
        if before is None:
            before = span
        elif replace(before, text=span.text) == span and not span.bar and not is_right_to_left(before.text + span.text):
            before = replace(before, text=before.text + span.text)
        else:
            yield before
            before = span
    if before is not None:
        yield before


def _spelled(layout: Layout) -> Iterator[Span]:
    match layout:
        case Identifier(name):
            yield from _identifier(name)
        case Word("𝟏"):
            yield Span("1", bold=True)  # many fonts lack the letter
        case Word(text) if len(text) > 1 and text.endswith("ᵀ"):
            yield from (Span(printable(text[:-1])), Span("T", script="super"))
        case Word(text):
            yield Span(printable(text))
        case Sign("ᵀ"):
            yield Span("T")
        case Number(text) | Sign(text) | Phrase(text):
            yield Span(text)
        case Row(parts):
            for part in parts:
                yield from _spelled(part)
        case Fenced(body, left, right):
            yield from (Span(left), *_spelled(body), Span(right))
        case Script(base, above, below):
            yield from _spelled(base)
            yield from _raised(below, "sub")
            yield from _raised(above, "super")
        case Fraction(Number(above), Number(below)) if (above, below) in _FRACTIONS:
            yield Span(_FRACTIONS[above, below])
        case Fraction(above, below):
            yield from (*_spelled(above), Span(" / "), *_spelled(below))
        case Root(body, degree):
            yield from (Span(_ROOTS[degree]), *_spelled(body))
        case Total(letters, sign):
            yield from (Span(sign), Span(letters, script="sub"), Span(" "))
        case Matrix(rows):
            yield Span("[" + "; ".join(", ".join(cell.text for cell in row) for row in rows) + "]")


def _identifier(name: Name) -> Iterator[Span]:
    base = unicodedata.normalize("NFC", name.base[:1] + _HAT * name.hatted + name.base[1:])
    own_bar = _MACRON in base  # a name may have been spelled with one
    yield Span(base.replace(_MACRON, ""), bar=name.barred or own_bar)
    if name.index:
        yield Span(name.index, script="sub")
    if name.layer:
        yield Span(f"({name.layer})", script="super")


def _raised(layout: Layout | None, script: Literal["sub", "super"]) -> Iterator[Span]:
    """An exponent or an index; within it, another one is written on its line, after ^ or _."""
    for span in () if layout is None else _spelled(layout):
        sign = {"": "", "sub": "_", "super": "^"}[span.script]
        yield replace(span, text=sign + span.text, script=script)
