"""Formulas are simplified while they are built.

Sums and products are kept flat, the constants of a product folded into one coefficient, signs taken
into differences, transposes of matrix products pushed inwards until they cancel: that is all the
algebra it takes for ``L̄ · 0.5 · (2 (y − t)¹)`` to read ``L̄ (y − t)``, and for ``(xᵀ z̄)ᵀ`` to read
``z̄ᵀ x``. No step changes the value or the shape of a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from numbers import Real
from typing import Any, TypeGuard

import numpy as np

from minigrad.notation.expression import Call, Constant, Expression, Product, Shape, Sum

__all__ = ["call", "is_negative", "is_zero", "negative"]


def call(name: str, symbol: str, args: Sequence[Expression], params: dict[str, Any], shape: Shape) -> Expression:
    """The expression for an operation on these arguments, simplified."""
    simplify = _SIMPLIFIED.get(name)
    if simplify is not None:
        return simplify(*args, **{**params, "shape": shape})  # the shape it has, where −1 was asked for
    return Call(name, symbol, tuple(args), shape, params)


def negative(a: Expression, shape: Shape) -> Expression:
    """−a, as a product whose coefficient has the sign."""
    coefficient, factors = _split(a)
    return _product(-coefficient, factors, shape)


def _scalar(e: Expression) -> float | None:
    """The number that a constant of shape () is; ``None`` for anything else."""
    return float(e.value) if isinstance(e, Constant) and isinstance(e.value, Real | np.bool_) else None


def _split(e: Expression) -> tuple[float, tuple[Expression, ...]]:
    """An expression as a coefficient and factors."""
    if isinstance(e, Product):
        return e.coefficient, e.factors
    number = _scalar(e)
    return (1.0, (e,)) if number is None else (number, ())


def _product(coefficient: float, factors: tuple[Expression, ...], shape: Shape) -> Expression:
    if coefficient == 0 or not factors:
        return _filled(coefficient, shape)
    if coefficient < 0:  # −L̄ (t − y) is L̄ (y − t)
        for i, factor in enumerate(factors):
            if isinstance(factor, Sum) and _is_backwards(factor):
                turned = Sum(tuple(negative(term, term.shape) for term in factor.terms[::-1]), factor.shape)
                return _product(-coefficient, (*factors[:i], turned, *factors[i + 1 :]), shape)
    if coefficient != 1:  # 2 (L̄ / 4) is ½ L̄
        for i, factor in enumerate(factors):
            if not (isinstance(factor, Call) and factor.name == "divide"):
                continue
            divisor, below = _split(factor.args[1])
            if divisor != 1 and divisor and _is_short(coefficient / divisor):
                inner, above = _split(factor.args[0])
                if below:  # 2 (ȳ / (2 y)) is ȳ / y
                    denominator = _product(1.0, below, factor.args[1].shape)
                    above = (_divide(_product(1.0, above, factor.args[0].shape), denominator, factor.shape),)
                rest = (*factors[:i], *above, *factors[i + 1 :])
                return _product(coefficient * inner / divisor, rest, shape)
    if coefficient == 1 and len(factors) == 1:
        return _broadcast_to(factors[0], shape=shape)
    return _broadcast_to(Product(coefficient, factors, _common_shape(factors)), shape=shape)


def _common_shape(parts: Sequence[Expression]) -> Shape:
    return np.broadcast_shapes(*(part.shape for part in parts))


def _filled(number: float, shape: Shape) -> Expression:
    constant = Constant(number)
    return constant if shape == () else Call("broadcast_to", "broadcast_to", (constant,), shape, {"shape": shape})


def _is_short(number: float) -> bool:
    """Whether a formula can show all its digits."""
    return float(f"{number:.4g}") == number


def _is_backwards(e: Sum) -> bool:
    """Whether it is a difference of two terms, which is its own negative when turned around."""
    return len(e.terms) == 2 and not is_negative(e.terms[0]) and is_negative(e.terms[1])


def is_negative(e: Expression) -> bool:
    """Whether it is written with a minus sign, which a sum turns into a subtraction."""
    number = _scalar(e)
    return e.coefficient < 0 if isinstance(e, Product) else number is not None and number < 0


def _multiply(a: Expression, b: Expression, shape: Shape) -> Expression:
    if shape and (_is_filled(a) or a.shape == ()) and (_is_filled(b) or b.shape == ()):
        x, y = (e.args[0] if _is_filled(e) else e for e in (a, b))
        return _broadcast_to(_multiply(x, y, ()), shape=shape)
    a = _unrepeated(a, b, shape)
    (m, left), (n, right) = _split(a), _split(_unrepeated(b, a, shape))  # one of the two has to repeat the other
    return _product(m * n, tuple(sorted(left + right, key=_number_first)), shape)


def _number_first(e: Expression) -> bool:
    """Sorts factors: a complex number stands in front, as the coefficient does."""
    return not (isinstance(e, Constant) and isinstance(e.value, complex))


def _is_filled(e: Expression) -> TypeGuard[Call]:
    """Whether it is an array whose elements are all the same number."""
    return isinstance(e, Call) and e.name == "broadcast_to" and e.args[0].shape == ()


def _unrepeated(a: Expression, other: Expression, shape: Shape) -> Expression:
    """`a` without the repetition that the product with `other`, of the shape of the result, brings about anyway."""
    if isinstance(a, Constant) and a.shape and other.shape == shape and np.all(a.value == np.ravel(a.value)[:1]):
        return Constant(np.ravel(a.value)[0]) if np.size(a.value) else a
    repeated = isinstance(a, Call) and a.name == "broadcast_to" and other.shape == shape
    return a.args[0] if repeated and isinstance(a, Call) else a


def _add(a: Expression, b: Expression, shape: Shape) -> Expression:
    terms = [term for e in (a, b) for term in (e.terms if isinstance(e, Sum) else (e,)) if not is_zero(term)]
    if not terms:
        return _filled(0.0, shape)
    total = terms[0] if len(terms) == 1 else Sum(tuple(terms), _common_shape(terms))
    return _broadcast_to(total, shape=shape)


def is_zero(e: Expression) -> bool:
    """Whether it is the constant 0, or an array of it."""
    inner = e.args[0] if isinstance(e, Call) and e.name == "broadcast_to" else e
    return isinstance(inner, Constant) and bool(np.all(np.equal(inner.value, 0)))


def _subtract(a: Expression, b: Expression, shape: Shape) -> Expression:
    terms = b.terms if isinstance(b, Sum) else (b,)
    return _add(a, Sum(tuple(negative(term, term.shape) for term in terms), b.shape), shape)


def _divide(a: Expression, b: Expression, shape: Shape) -> Expression:
    divisor, (coefficient, factors) = _scalar(b), _split(a)
    if divisor == 1 and a.shape == shape:
        return a
    if divisor and not factors:
        return _filled(coefficient / divisor, shape)
    if divisor and abs(coefficient) != 1 and _is_short(coefficient / divisor):
        return _product(coefficient / divisor, factors, shape)
    if (factors and coefficient != 1) or coefficient < 0:  # sign and number belong in front of the fraction
        number = coefficient if factors else -1.0
        return _product(number, (_divide(_product(coefficient / number, factors, a.shape), b, shape),), shape)
    if isinstance(a, Call) and a.name == "broadcast_to" and b.shape in ((), shape):
        below = () if b.shape == () else shape
        quotient = _divide(a.args[0], b, np.broadcast_shapes(a.args[0].shape, below))
        return quotient if b.shape else _broadcast_to(quotient, shape=shape)
    return Call("divide", "/", (a, b), shape)


def _power(a: Expression, b: Expression, shape: Shape) -> Expression:
    exponent = _scalar(b)
    if exponent == 1:
        return a
    if exponent == 0:
        return _filled(1.0, shape)
    return Call("power", "^", (a, b), shape)


def _square(a: Expression, shape: Shape) -> Expression:
    return _power(a, Constant(2), shape)


def _reciprocal(a: Expression, shape: Shape) -> Expression:
    return _divide(Constant(1.0), a, shape)


def _exp2(a: Expression, shape: Shape) -> Expression:
    return _power(Constant(2.0), a, shape)


def _transpose(a: Expression, shape: Shape, axes: tuple[int, ...] | None = None) -> Expression:
    if len(shape) < 2 or axes == tuple(range(len(shape))):
        return a  # every axis stays where it is
    if len(shape) == 2:
        match a:
            case Call(name="transpose"):
                return a.args[0]
            case Call(name="matmul", args=(left, right)) if len(left.shape) == len(right.shape) == 2:
                return _matmul(_transpose(right, right.shape[::-1]), _transpose(left, left.shape[::-1]), shape)
            case Product(factors=factors) if sum(bool(factor.shape) for factor in factors) == 1:
                return replace(a, factors=tuple(_transpose(f, f.shape[::-1]) for f in factors), shape=shape)
            case Call(args=(inner,)) if _is_filled(a):
                return _broadcast_to(inner, shape=shape)
            case Call(name="reshape" | "row") if 1 in shape:
                return _reshape(a.args[0], shape)
    return Call("transpose", "ᵀ" if len(shape) == 2 else "transpose", (a,), shape, {"axes": axes})


def _reshape(a: Expression, shape: Shape, copy: bool = False) -> Expression:  # noqa: ARG001  # the value is the same
    if a.shape == shape:
        return a
    if isinstance(a, Call) and a.name in ("reshape", "row"):
        return _reshape(a.args[0], shape)
    if _is_filled(a):
        return _broadcast_to(a.args[0], shape=shape)
    if a.shape == ():
        return _broadcast_to(a, shape=shape)
    row = len(a.shape) == 1 and shape == (1, *a.shape)  # the lectures' vectors are columns
    return Call("row" if row else "reshape", "ᵀ" if row else "reshape", (a,), shape, {"shape": shape})


def _broadcast_to(a: Expression, shape: Shape) -> Expression:
    if a.shape == shape:
        return a
    if isinstance(a, Call) and a.name == "broadcast_to":
        return _broadcast_to(a.args[0], shape=shape)
    return Call("broadcast_to", "broadcast_to", (a,), shape, {"shape": shape})


def _matmul(a: Expression, b: Expression, shape: Shape) -> Expression:
    if len(a.shape) == 1 and len(b.shape) == 2:  # a vector is a column: v M is Mᵀ v
        return _matmul(_transpose(b, b.shape[::-1]), a, shape)
    if isinstance(a, Call) and a.name == "row" and a.shape == (1, 1):  # one number: on the left it is a column
        a = replace(a, name="reshape", symbol="reshape")
    return Call("matmul", "@", (a, b), shape)


def _linear(x: Expression, weight: Expression, bias: Expression | None = None, *, shape: Shape) -> Expression:
    product = _matmul(x, _transpose(weight, weight.shape[::-1]), shape)
    return product if bias is None else _add(product, bias, shape)


def _where(condition: Expression, a: Expression, b: Expression, shape: Shape) -> Expression:
    """What is repeated to the shape of the condition is written once."""
    holds = _scalar(condition)
    if holds is not None:
        return _broadcast_to(a if holds else b, shape=shape)
    a, b = (_unrepeated(branch, condition, shape) for branch in (a, b))
    return Call("where", "where", (condition, a, b), shape)


def _total(symbol: str, name: str, a: Expression, shape: Shape, axis: Any = None, keepdims: bool = False) -> Expression:
    """A sum or product knows its axes one by one, whichever way they were named."""
    axes = range(len(a.shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not a.shape or not axes:
        return a
    places = tuple(sorted(i % len(a.shape) for i in axes))
    return Call(name, symbol, (a,), shape, {"axis": places, "keepdims": keepdims})


def _mean(a: Expression, shape: Shape, **params: Any) -> Expression:
    return a if a.shape == () else Call("mean", "mean", (a,), shape, params)


def _copied(name: str) -> Callable[..., Expression]:
    """What copies elements to other places makes of an array that is filled with one number such an array again."""

    def simplified(a: Expression, shape: Shape, **params: Any) -> Expression:
        return _broadcast_to(a.args[0], shape=shape) if _is_filled(a) else Call(name, name, (a,), shape, params)

    return simplified


_SIMPLIFIED: dict[str, Callable[..., Expression]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "negative": negative,
    "divide": _divide,
    "power": _power,
    "square": _square,
    "reciprocal": _reciprocal,
    "exp2": _exp2,
    "transpose": _transpose,
    "reshape": _reshape,
    "broadcast_to": _broadcast_to,
    "matmul": _matmul,
    "linear": _linear,
    "where": _where,
    "sum": partial(_total, "Σ", "sum"),
    "prod": partial(_total, "Π", "prod"),
    "mean": _mean,
    "to": lambda a, device, shape: a,  # the value is the same on every device
    **{name: _copied(name) for name in ("getitem", "flip", "roll", "tile", "repeat")},
}
