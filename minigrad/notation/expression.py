"""Formulas as trees, simplified while they are built.

Sums and products are kept flat, with the constants of a product folded into one coefficient: that is
all the algebra it takes for ``L̄ · 0.5 · (2 (y − t)¹)`` to read ``L̄ (y − t)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

__all__ = ["Call", "Constant", "Expression", "Product", "Sum", "Symbol", "call"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Symbol:
    """A name for a value: ``z``, ``ȳ``, ``W``."""

    name: str
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

    `value` is set where numbers are shown instead of the call: ``σ′(z)`` becomes 0.235, not σ′(−0.5).
    """

    name: str
    symbol: str
    args: tuple[Expression, ...]
    shape: Shape
    params: dict[str, Any] = field(default_factory=dict, compare=False)
    value: Any = field(default=None, compare=False, repr=False)


Expression = Symbol | Constant | Sum | Product | Call


def call(name: str, symbol: str, args: Sequence[Expression], params: dict[str, Any], shape: Shape) -> Expression:
    """The expression for an operation on these arguments, simplified."""
    if name == "transpose" and params.get("axes") == tuple(range(len(shape))):
        return args[0]  # every axis stays where it is
    simplify = _SIMPLIFIED.get(name)
    if simplify is not None:
        return simplify(*args, shape=shape)
    return Call(name, symbol, tuple(args), shape, params)


def _scalar(e: Expression) -> float | None:
    """The number that a constant of shape () is; ``None`` for anything else."""
    return float(e.value) if isinstance(e, Constant) and isinstance(e.value, Real) else None


def _split(e: Expression) -> tuple[float, tuple[Expression, ...]]:
    """An expression as a coefficient and factors."""
    if isinstance(e, Product):
        return e.coefficient, e.factors
    number = _scalar(e)
    return (1.0, (e,)) if number is None else (number, ())


def _product(coefficient: float, factors: tuple[Expression, ...], shape: Shape) -> Expression:
    if coefficient == 0 or not factors:
        return Constant(coefficient)
    if coefficient == 1 and len(factors) == 1:
        return factors[0]
    return Product(coefficient, factors, shape)


def _multiply(a: Expression, b: Expression, shape: Shape) -> Expression:
    a = _unrepeated(a, b)
    (m, left), (n, right) = _split(a), _split(_unrepeated(b, a))  # one of the two has to repeat the other
    return _product(m * n, left + right, shape)


def _unrepeated(a: Expression, other: Expression) -> Expression:
    """`a` without the repetition that the product with `other` brings about anyway."""
    repeated = isinstance(a, Call) and a.name == "broadcast_to" and a.shape == other.shape
    return a.args[0] if repeated and isinstance(a, Call) else a


def _negative(a: Expression, shape: Shape) -> Expression:
    coefficient, factors = _split(a)
    return _product(-coefficient, factors, shape)


def _add(a: Expression, b: Expression, shape: Shape) -> Expression:
    terms = [term for e in (a, b) for term in (e.terms if isinstance(e, Sum) else (e,)) if _scalar(term) != 0]
    if not terms:
        return Constant(0.0)
    return terms[0] if len(terms) == 1 else Sum(tuple(terms), shape)


def _subtract(a: Expression, b: Expression, shape: Shape) -> Expression:
    terms = b.terms if isinstance(b, Sum) else (b,)
    return _add(a, Sum(tuple(_negative(term, term.shape) for term in terms), b.shape), shape)


def _divide(a: Expression, b: Expression, shape: Shape) -> Expression:
    divisor, coefficient_factors = _scalar(b), _split(a)
    if divisor == 1:
        return a
    if not coefficient_factors[1] and divisor:
        return Constant(coefficient_factors[0] / divisor)
    sign, factors = coefficient_factors
    if sign < 0:  # the sign belongs in front of the fraction
        return _product(-1.0, (_divide(_product(-sign, factors, a.shape), b, shape),), shape)
    return Call("divide", "/", (a, b), shape)


def _power(a: Expression, b: Expression, shape: Shape) -> Expression:
    exponent = _scalar(b)
    if exponent == 1:
        return a
    if exponent == 0:
        return Constant(1.0)
    return Call("power", "^", (a, b), shape)


def _transpose(a: Expression, shape: Shape) -> Expression:
    if len(shape) != 2:
        return a if len(shape) < 2 else Call("transpose", "transpose", (a,), shape)
    if isinstance(a, Call) and a.symbol == "ᵀ":
        return a.args[0]
    return Call("transpose", "ᵀ", (a,), shape)


def _reshape(a: Expression, shape: Shape) -> Expression:
    if len(a.shape) == 1 and shape == (*a.shape, 1):
        return a  # the lectures' vectors are columns
    if len(a.shape) == 1 and shape == (1, *a.shape):
        return Call("transpose", "ᵀ", (a,), shape)
    return Call("reshape", "reshape", (a,), shape)


_SIMPLIFIED: dict[str, Callable[..., Expression]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "negative": _negative,
    "divide": _divide,
    "power": _power,
    "transpose": _transpose,
    "reshape": _reshape,
}
