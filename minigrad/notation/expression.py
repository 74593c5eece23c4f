"""Formulas as trees: symbols, numbers, sums, products, and calls of operations.

Every node knows the shape of its value. A tree keeps all it takes to compute the value again (see
`minigrad.notation.python`); what a formula leaves out for the reader's sake, the printers leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minigrad.notation.name import Name

__all__ = ["Call", "Constant", "Expression", "Product", "Sum", "Symbol", "parts", "size", "symbols"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Symbol:
    """A name for a value: ``z``, ``ȳ``, ``W``."""

    name: Name
    value: Any = field(default=None, compare=False, repr=False)

    @property
    def shape(self) -> Shape:
        return np.shape(self.value)


@dataclass(frozen=True)
class Constant:
    """A number that stands in the formula itself."""

    value: Any

    @property
    def shape(self) -> Shape:
        return np.shape(self.value)


@dataclass(frozen=True)
class Sum:
    """Terms added up; a term that is subtracted is a `Product` with a negative coefficient."""

    terms: tuple[Expression, ...]
    shape: Shape


@dataclass(frozen=True)
class Product:
    """A number times factors, element by element where they are arrays."""

    coefficient: float
    factors: tuple[Expression, ...]
    shape: Shape


@dataclass(frozen=True)
class Call:
    """Any other operation on its arguments: ``σ(z)``, ``W x``, ``x > 0``.

    A derivative that has a name, σ′(z), carries what the rule makes of it (`meaning`, y (1 − y)) and its
    value, which is shown where numbers stand in for names: 0.235 and not σ′(−0.5).
    """

    name: str
    symbol: str
    args: tuple[Expression, ...]
    shape: Shape
    params: dict[str, Any] = field(default_factory=dict, compare=False)
    meaning: Expression | None = None
    value: Any = field(default=None, compare=False, repr=False)


Expression = Symbol | Constant | Sum | Product | Call


def parts(e: Expression) -> tuple[Expression, ...]:
    """The sub-expressions directly below."""
    match e:
        case Sum():
            return e.terms
        case Product():
            return e.factors
        case Call():
            return e.args
    return ()


def symbols(e: Expression) -> Iterator[Symbol]:
    """The symbols from left to right, repeated as often as they stand there."""
    if isinstance(e, Symbol):
        yield e
    for part in parts(e):
        yield from symbols(part)


def size(e: Expression) -> int:
    """How many symbols, numbers and operations it has: whether it can still be read."""
    return sum(size(part) for part in parts(e)) + (not isinstance(e, Sum | Product))
