"""Formulas as plain text: ``L̄ (y − t)``, ``½ w²``, ``z̄ ∘ σ′(z)``."""

from __future__ import annotations

from typing import Any

from minigrad.notation.expression import Expression
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
from minigrad.notation.name import printable
from minigrad.notation.typeset import typeset_formula
from minigrad.notation.values import number

__all__ = ["write", "write_numbers"]

_ABOVE = dict(zip("0123456789−+ᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ", strict=True))
_BELOW = dict(zip("ijklmnp0123456789−,≠", "ᵢⱼₖₗₘₙₚ₀₁₂₃₄₅₆₇₈₉₋,≠", strict=True))
_FRACTIONS = {("1", "2"): "½", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "3"): "⅓", ("2", "3"): "⅔"}
_ROOTS = {"": "√", "3": "∛"}


def write(expression: Expression) -> str:
    """The formula as plain text.

    >>> from minigrad.notation.symbolic import Symbolic
    >>> w = Symbolic.symbol("w", 2.0)
    >>> write((0.5 * w**2).expression)
    '½ w²'
    """
    return _spell(typeset_formula(expression, flat=True))


def write_numbers(expression: Expression) -> str:
    """The formula with numbers in place of names.

    >>> from minigrad.notation.symbolic import Symbolic
    >>> w = Symbolic.symbol("w", 2.0)
    >>> write_numbers((0.5 * w**2).expression)
    '½ · 2²'
    """
    return _spell(typeset_formula(expression, flat=True, leaf=_number))


def _number(value: Any) -> Layout:
    return Number(number(value))


def _spell(layout: Layout) -> str:
    """A layout as one line of text."""
    match layout:
        case Identifier(name):
            return name.text
        case Word(text):
            return printable(text)  # also the name of a user's own operation
        case Number(text) | Sign(text) | Phrase(text):
            return text
        case Row(parts):
            return "".join(map(_spell, parts))
        case Fenced(body, left, right):
            return left + _spell(body) + right
        case Script(base, above, below):
            return _spell(base) + _below(below) + _above(above)
        case Fraction(above, below):
            pair = _spell(above), _spell(below)
            return _FRACTIONS.get(pair) or " / ".join(pair)
        case Root(body, degree):
            return _ROOTS[degree] + _spell(body)
        case Total(letters, sign):
            return sign + _below(Word(letters)) + " "
        case Matrix(rows):
            return "; ".join(", ".join(cell.text for cell in row) for row in rows)


def _above(layout: Layout | None) -> str:
    if layout is None:
        return ""
    text = _spell(layout)
    if all(c in _ABOVE for c in text):
        return "".join(_ABOVE[c] for c in text)
    return f"^{text}" if isinstance(layout, Identifier | Number) and "−" not in text else f"^({text})"


def _below(layout: Layout | None) -> str:
    if layout is None:
        return ""
    text = _spell(layout)
    return "".join(_BELOW[c] for c in text) if all(c in _BELOW for c in text) else f"_{text}"
