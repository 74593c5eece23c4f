"""Layouts: the elements of every notation, such as letters, signs, rows, brackets, indices and exponents.

`typeset` turns formulas into layouts; `text`, `latex` and `mathml` only write them down, so a formula has
the same form everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from minigrad.notation.name import Name

__all__ = [
    "Fenced", "Fraction", "Identifier", "Layout", "Matrix", "Number", "Phrase", "Root", "Row", "Script", "Sign",
    "Total", "Word",
]  # fmt: skip


@dataclass(frozen=True)
class Identifier:
    """A variable."""

    name: Name


@dataclass(frozen=True)
class Number:
    """Digits, with a true minus sign."""

    text: str


@dataclass(frozen=True)
class Sign:
    """An operator, with the spaces around it in plain text."""

    text: str


@dataclass(frozen=True)
class Word:
    """The name of a function, upright."""

    text: str


@dataclass(frozen=True)
class Phrase:
    """English between formulas: "at"."""

    text: str


@dataclass(frozen=True)
class Row:
    """One after the other."""

    parts: tuple[Layout, ...]


@dataclass(frozen=True)
class Fenced:
    """In brackets or bars."""

    body: Layout
    left: str = "("
    right: str = ")"


@dataclass(frozen=True)
class Script:
    """With something raised (an exponent), lowered (an index), or both."""

    base: Layout
    above: Layout | None = None
    below: Layout | None = None


@dataclass(frozen=True)
class Fraction:
    """A numerator above a denominator."""

    above: Layout
    below: Layout


@dataclass(frozen=True)
class Root:
    """A root, square unless it has a degree."""

    body: Layout
    degree: str = ""


@dataclass(frozen=True)
class Total:
    """Σ or Π with its index letters; without letters, over all elements."""

    letters: str
    sign: str = "Σ"


@dataclass(frozen=True)
class Matrix:
    """Numbers in rows and columns, in square brackets."""

    rows: tuple[tuple[Number, ...], ...]


Layout = Identifier | Number | Sign | Word | Phrase | Row | Fenced | Script | Fraction | Root | Total | Matrix
