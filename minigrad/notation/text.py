"""Expressions as plain text: ``L̄ (y − t)``, ``½ w²``, ``z̄ ∘ σ′(z)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.notation.expression import Call, Constant, Expression, Product, Sum, Symbol

__all__ = ["number", "write"]

# How tightly a text holds together: what is looser than its place asks for is put in brackets.
_SUM, _NEGATIVE, _PRODUCT, _POWER, _ATOM = range(5)
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_FRACTIONS = {0.5: "½", 0.25: "¼", 0.75: "¾"}

Leaf = Callable[[Symbol], str]


def number(value: Any) -> str:
    """A number to four significant digits, an integer in full, with a true minus sign.

    >>> number(-0.10508), number(3.0), number(65536)
    ('−0.1051', '3', '65536')
    """
    item = value.item() if hasattr(value, "item") else value
    text = str(item) if isinstance(item, int) else f"{item:.4g}"
    return text.replace("-", "−")


def write(expression: Expression, leaf: Leaf | None = None) -> str:
    """The formula as plain text.

    Arguments:
        leaf: how to write a symbol; its name if not given. Writing numbers in place of names puts a dot
            between factors, for ``0.5 0.2`` would not read as a product.

    >>> from minigrad.notation.named import Named
    >>> w = Named.symbol("w", 2.0)
    >>> write((0.5 * w**2).expression)
    '½ w²'
    >>> write((0.5 * w**2).expression, leaf=lambda s: number(s.value))
    '½ · 2²'
    """
    return _write(expression, _SUM, leaf)


def _write(e: Expression, at_least: int, leaf: Leaf | None) -> str:
    text, precedence = _spell(e, leaf)
    return f"({text})" if precedence < at_least else text


def _spell(e: Expression, leaf: Leaf | None) -> tuple[str, int]:
    match e:
        case Symbol():
            return (e.name, _ATOM) if leaf is None else _spell_number(leaf(e))
        case Constant():
            return _spell_number(number(e.value)) if np.size(e.value) == 1 else ("[…]", _ATOM)
        case Sum():
            return _spell_sum(e, leaf), _SUM
        case Product():
            return _spell_product(e, leaf)
        case Call():
            if leaf is not None and e.value is not None:
                return _spell(Constant(e.value), leaf)
            return _spell_call(e, leaf)


def _spell_number(text: str) -> tuple[str, int]:
    if text.startswith("−"):
        return text, _NEGATIVE
    return text, _POWER if "e" in text else _ATOM  # (1e+06)², not 1e+06²


def _spell_sum(e: Sum, leaf: Leaf | None) -> str:
    text = ""
    for term in e.terms:
        minus = (isinstance(term, Product) and term.coefficient < 0) or (
            isinstance(term, Constant) and np.ndim(term.value) == 0 and term.value < 0
        )
        if minus and text:
            text += " − " + _write(_negated(term), _PRODUCT, leaf)
        else:
            text += (" + " if text else "") + _write(term, _PRODUCT if text else _NEGATIVE, leaf)
    return text


def _negated(term: Expression) -> Expression:
    if isinstance(term, Constant):
        return Constant(-term.value)
    assert isinstance(term, Product)
    if term.coefficient == -1 and len(term.factors) == 1:
        return term.factors[0]
    return Product(-term.coefficient, term.factors, term.shape)


def _spell_product(e: Product, leaf: Leaf | None) -> tuple[str, int]:
    size = abs(e.coefficient)
    text = "−" if e.coefficient < 0 else ""
    if size != 1:
        text += _FRACTIONS.get(size, number(size))
    for i, factor in enumerate(e.factors):
        if size != 1 or i:
            # Juxtaposition for scalars, as in the lecture; ∘ where two arrays meet element by element.
            arrays = i and factor.shape and e.factors[i - 1].shape
            text += " ∘ " if arrays else " " if leaf is None else " · "
        leading_number = not text and isinstance(factor, Symbol | Constant)  # −0.6 · 2 needs no brackets
        text += _write(factor, _NEGATIVE if leading_number else _POWER, leaf)
    return text, _NEGATIVE if text.startswith("−") else _PRODUCT


def _spell_call(e: Call, leaf: Leaf | None) -> tuple[str, int]:
    first = e.args[0]
    match e.name:
        case "divide":
            return f"{_write(first, _PRODUCT, leaf)} / {_write(e.args[1], _ATOM, leaf)}", _PRODUCT
        case "matmul":
            # ∘ and / do not mix with the matrix product: (a ∘ b) C is not a ∘ (b C)
            mixed = isinstance(first, Product) and sum(bool(factor.shape) for factor in first.factors) > 1
            mixed = mixed or (isinstance(first, Call) and first.name == "divide")
            return f"{_write(first, _POWER if mixed else _PRODUCT, leaf)} {_write(e.args[1], _POWER, leaf)}", _PRODUCT
        case "transpose":
            return (
                f"{_write(first, _ATOM, leaf)}ᵀ" if e.symbol == "ᵀ" else f"{e.symbol}({_write(first, _SUM, leaf)})",
                _ATOM,
            )
        case "power":
            exponent = e.args[1]
            if isinstance(exponent, Constant) and np.ndim(exponent.value) == 0 and float(exponent.value).is_integer():
                return _write(first, _ATOM, leaf) + str(int(exponent.value)).translate(_SUPERSCRIPTS), _POWER
            return f"{_write(first, _ATOM, leaf)}^{_write(exponent, _ATOM, leaf)}", _POWER
        case "less" | "less_equal" | "greater" | "greater_equal" | "equal" | "not_equal":
            return f"{_write(first, _SUM, leaf)} {e.symbol} {_write(e.args[1], _SUM, leaf)}", _SUM
    return f"{e.symbol}({', '.join(_write(arg, _SUM, leaf) for arg in e.args)})", _ATOM
