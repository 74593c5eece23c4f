"""Formulas as trees: symbols, numbers, sums, products, calls of operations, and derivatives that have a name.

Every node knows the shape of its value. A tree keeps everything needed to compute the value again (see
`minigrad.notation.python`); the printers leave out what a reader does not need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.notation.name import Name

__all__ = [
    "Abbreviation", "Call", "Constant", "Derivative", "Expression", "Form", "Product", "Sum", "Symbol", "parts",
    "replace_parts", "size", "symbols",
]  # fmt: skip

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
    """A number or array written into the formula itself."""

    value: Any

    @property
    def shape(self) -> Shape:
        return np.shape(self.value)


@dataclass(frozen=True)
class Sum:
    """A sum of terms; a subtracted term is a `Product` with a negative coefficient."""

    terms: tuple[Expression, ...]
    shape: Shape


@dataclass(frozen=True)
class Product:
    """A coefficient times factors, elementwise where they are arrays."""

    coefficient: float
    factors: tuple[Expression, ...]
    shape: Shape


class Form(Enum):
    """What formulas write like an operation although no table of rules has it."""

    ROW = "a vector as a row, xᵀ"
    ONES = "an array of ones, 𝟏"


@dataclass(frozen=True)
class Call:
    """Any other operation on its arguments: ``σ(z)``, ``W x``, ``x > 0``.

    Attributes:
        operation: a primitive, a comparison (a NumPy ufunc), or a form that only formulas have.
        params: the keywords of the call.
    """

    operation: Primitive | np.ufunc | Form
    args: tuple[Expression, ...]
    shape: Shape
    params: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def symbol(self) -> str:
        """The function's name in formulas; every operation but a primitive has a form without one."""
        return self.operation.symbol if isinstance(self.operation, Primitive) else ""


@dataclass(frozen=True)
class Derivative:
    """A derivative that has a name, σ′(z).

    Attributes:
        symbol: σ′.
        arg: z.
        meaning: what the rule computes, y (1 − y).
        value: shown where numbers stand in for names: 0.235 and not σ′(−0.5).
    """

    symbol: str
    arg: Expression
    meaning: Expression
    value: Any = field(compare=False, repr=False)

    @property
    def shape(self) -> Shape:
        return self.arg.shape


@dataclass(frozen=True)
class Abbreviation:
    """A name for a part of formulas that is explained once, below the derivation: x̂ for (x − μ) / σ."""

    name: Name
    meaning: Expression

    @property
    def shape(self) -> Shape:
        return self.meaning.shape


Expression = Symbol | Constant | Sum | Product | Call | Derivative | Abbreviation


def parts(e: Expression) -> tuple[Expression, ...]:
    """The sub-expressions directly below."""
    match e:
        case Sum():
            return e.terms
        case Product():
            return e.factors
        case Call():
            return e.args
        case Derivative():
            return (e.arg,)
        case Abbreviation():
            return (e.meaning,)
    return ()


def replace_parts(e: Expression, new: Callable[[Expression], Expression]) -> Expression:
    """The expression with `new` of each sub-expression directly below in its place."""
    match e:
        case Sum():
            return replace(e, terms=tuple(map(new, e.terms)))
        case Product():
            return replace(e, factors=tuple(map(new, e.factors)))
        case Call():
            return replace(e, args=tuple(map(new, e.args)))
        case Derivative():
            return replace(e, arg=new(e.arg))
        case Abbreviation():
            return replace(e, meaning=new(e.meaning))
    return e


def symbols(e: Expression) -> Iterator[Symbol]:
    """The symbols from left to right, with repetitions."""
    if isinstance(e, Symbol):
        yield e
    for part in parts(e):
        yield from symbols(part)


def size(e: Expression) -> int:
    """The number of symbols, constants and operations: a measure of how readable a formula is."""
    if isinstance(e, Abbreviation):
        return 1
    return sum(size(part) for part in parts(e)) + (not isinstance(e, Sum | Product))
