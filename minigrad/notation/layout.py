"""Layouts: what every kind of typesetting knows, letters, signs, rows, brackets, things above and below.

`setting` makes them of formulas; `text`, `latex` and `mathml` each only spell them out, so a formula has
the same form everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from minigrad.notation.name import Name

__all__ = [
    "Fenced", "Fraction", "Identifier", "Layout", "Matrix", "Number", "Root", "Row", "Script", "Sign", "Total", "Word",
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
    """An operator, with the spaces it has around it in plain text."""

    text: str


@dataclass(frozen=True)
class Word:
    """The name of a function, or a word of the language, upright."""

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
    """With something above, below, or both."""

    base: Layout
    above: Layout | None = None
    below: Layout | None = None


@dataclass(frozen=True)
class Fraction:
    """One above the other."""

    above: Layout
    below: Layout


@dataclass(frozen=True)
class Root:
    """Under a root sign; without a degree it is the square root."""

    body: Layout
    degree: str = ""


@dataclass(frozen=True)
class Total:
    """Σ or Π with the letters that count; without any, over everything."""

    letters: str
    sign: str = "Σ"


@dataclass(frozen=True)
class Matrix:
    """Numbers in rows and columns, in square brackets."""

    rows: tuple[tuple[Number, ...], ...]


Layout = Identifier | Number | Sign | Word | Row | Fenced | Script | Fraction | Root | Total | Matrix
