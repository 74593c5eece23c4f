"""Formulas are simplified while they are built.

Sums and products are kept flat, the constants of a product are folded into one coefficient, signs move
into differences, and transposes of matrix products are pushed inwards until they cancel. This is all the
algebra needed for ``L̄ · 0.5 · (2 (y − t)¹)`` to read ``L̄ (y − t)``, and for ``(xᵀ z̄)ᵀ`` to read
``z̄ᵀ x``. No step changes the value or the shape of a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from numbers import Real
from typing import Any, TypeGuard

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.normalization.local_response_norm import window as channels_around
from minigrad.notation import operations as ops
from minigrad.notation.expression import Abbreviation, Call, Constant, Expression, Form, Product, Shape, Sum, Symbol

__all__ = ["call", "is_call", "is_filled", "is_negative", "is_zero", "negative", "with_powers"]


def call(operation: Primitive, args: Sequence[Expression], params: dict[str, Any], shape: Shape) -> Expression:
    """The simplified expression for an operation on these arguments."""
    simplify = _SIMPLIFIED.get(operation)
    if simplify is not None:
        return simplify(*args, **{**params, "shape": shape})  # the actual shape, where −1 was asked for
    return Call(operation, tuple(args), shape, params)


def is_call(e: Expression, *operations: Primitive | Form) -> TypeGuard[Call]:
    """Whether it is a call of one of these operations."""
    return isinstance(e, Call) and e.operation in operations


def negative(a: Expression, shape: Shape) -> Expression:
    """−a, as a product whose coefficient has the sign."""
    if is_filled(a):
        return _broadcast_to(negative(a.args[0], ()), shape=shape)
    coefficient, factors = _split(a)
    return _product(-coefficient, factors, shape)


def with_powers(e: Expression) -> Expression:
    """The formula with repeated variables as powers: 1 − y² for 1 − y y, which a rule computes faster."""
    match e:
        case Sum():
            return replace(e, terms=tuple(map(with_powers, e.terms)))
        case Call():
            return replace(e, args=tuple(map(with_powers, e.args)))
        case Product():
            factors: list[Expression] = []
            for i, factor in enumerate(e.factors):
                if not isinstance(factor, Symbol):
                    factors.append(with_powers(factor))
                elif factor not in e.factors[:i]:
                    n = e.factors.count(factor)
                    factors.append(factor if n == 1 else Call(ops.power, (factor, Constant(n)), factor.shape))
            return replace(e, factors=tuple(factors))
    return e


def _scalar(e: Expression) -> float | None:
    """The number, if it is a constant of shape (); else ``None``."""
    return float(e.value) if isinstance(e, Constant) and isinstance(e.value, Real | np.bool_) else None


def _split(e: Expression) -> tuple[float, tuple[Expression, ...]]:
    """The coefficient and the factors of an expression."""
    if isinstance(e, Product):
        return e.coefficient, e.factors
    number = _scalar(e)
    return (1.0, (e,)) if number is None else (number, ())


def _product(coefficient: float, factors: tuple[Expression, ...], shape: Shape) -> Expression:
    if coefficient == 0 or not factors:
        return _filled(coefficient, shape)
    if coefficient < 0:  # −L̄ (t − y) is L̄ (y − t)
        for i, factor in enumerate(factors):
            turned = _turned(factor)
            if turned is not None:
                return _product(-coefficient, (*factors[:i], turned, *factors[i + 1 :]), shape)
    if coefficient != 1:  # 2 (L̄ / 4) is ½ L̄
        for i, factor in enumerate(factors):
            if not is_call(factor, ops.divide):
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
    return constant if shape == () else Call(ops.broadcast_to, (constant,), shape, {"shape": shape})


def _is_short(number: float) -> bool:
    """Whether four digits show it exactly."""
    return float(f"{number:.4g}") == number


def _turned(e: Expression) -> Expression | None:
    """The negative of a difference, of a multiple of one, or of a fraction with one above: b − a for a − b."""
    match e:
        case Sum(terms=(a, b)) if not is_negative(a) and is_negative(b):
            return Sum(tuple(negative(term, term.shape) for term in (b, a)), e.shape)
        case Product(coefficient=coefficient) if coefficient > 0:
            turned = negative(e, e.shape)
            return None if is_negative(turned) else turned
        case Call(ops.divide, (above, below)):
            flipped = _turned(above)
            return None if flipped is None else replace(e, args=(flipped, below))
    return None


def is_negative(e: Expression) -> bool:
    """Whether it is written with a minus sign: in a sum it is subtracted."""
    number = _scalar(e)
    return e.coefficient < 0 if isinstance(e, Product) else number is not None and number < 0


def _multiply(a: Expression, b: Expression, shape: Shape) -> Expression:
    if shape and (is_filled(a) or a.shape == ()) and (is_filled(b) or b.shape == ()):
        x, y = (e.args[0] if is_filled(e) else e for e in (a, b))
        return _broadcast_to(_multiply(x, y, ()), shape=shape)
    a = _unrepeated(a, b, shape)
    (m, left), (n, right) = _split(a), _split(_unrepeated(b, a, shape))  # one of the two has to repeat the other
    return _product(m * n, tuple(sorted(left + right, key=_number_first)), shape)


def _number_first(e: Expression) -> bool:
    """Sort key of factors: a complex number comes first, where the coefficient stands."""
    return not (isinstance(e, Constant) and isinstance(e.value, complex))


def is_filled(e: Expression) -> TypeGuard[Call]:
    """Whether it is an array filled with a single number."""
    return is_call(e, ops.broadcast_to) and e.args[0].shape == ()


def _unrepeated(a: Expression, other: Expression, shape: Shape) -> Expression:
    """`a` before it was broadcast, where multiplying it by `other` broadcasts it anyway."""
    if isinstance(a, Constant) and a.shape and other.shape == shape and np.all(a.value == np.ravel(a.value)[:1]):
        return Constant(np.ravel(a.value)[0]) if np.size(a.value) else a
    return a.args[0] if is_call(a, ops.broadcast_to) and other.shape == shape else a


def _add(a: Expression, b: Expression, shape: Shape) -> Expression:
    summands = [e for e in (a, b) if isinstance(e, Sum) or not is_zero(e)]  # a sum has no zeros, and its shape
    if not summands:
        return _filled(0.0, shape)
    total = summands[0]
    if len(summands) == 2:
        left, right = (e.terms if isinstance(e, Sum) else (e,) for e in summands)
        total = Sum(left + right, _common_shape(summands))
    return _broadcast_to(total, shape=shape)


def is_zero(e: Expression) -> bool:
    """Whether it is the constant 0, or an array of zeros."""
    inner = e.args[0] if is_call(e, ops.broadcast_to) else e
    return isinstance(inner, Constant) and bool(np.all(np.equal(inner.value, 0)))


def _subtract(a: Expression, b: Expression, shape: Shape) -> Expression:
    if isinstance(b, Sum):
        return _add(a, replace(b, terms=tuple(negative(term, term.shape) for term in b.terms)), shape)
    return _add(a, negative(b, b.shape), shape)


def _divide(a: Expression, b: Expression, shape: Shape) -> Expression:
    if is_zero(a) and not isinstance(b, Constant):  # 0 / 0 is left to the reader
        return _filled(0.0, shape)
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
    if is_call(a, ops.broadcast_to) and b.shape in ((), shape):
        below = () if b.shape == () else shape
        quotient = _divide(a.args[0], b, np.broadcast_shapes(a.args[0].shape, below))
        return quotient if b.shape else _broadcast_to(quotient, shape=shape)
    return Call(ops.divide, (a, b), shape)


def _power(a: Expression, b: Expression, shape: Shape) -> Expression:
    exponent = _scalar(b)
    if exponent == 1:
        return a
    if exponent == 0:
        return _filled(1.0, shape)
    return Call(ops.power, (a, b), shape)


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
            case Call(ops.transpose):
                return a.args[0]
            case Call(ops.matmul, (left, right)) if len(left.shape) == len(right.shape) == 2:
                return _matmul(_transpose(right, right.shape[::-1]), _transpose(left, left.shape[::-1]), shape)
            case Product(factors=factors) if sum(bool(factor.shape) for factor in factors) == 1:
                return replace(a, factors=tuple(_transpose(f, f.shape[::-1]) for f in factors), shape=shape)
            case Call(args=(inner,)) if is_filled(a):
                return _broadcast_to(inner, shape=shape)
            case Call(ops.reshape | Form.ROW) if 1 in shape:
                return _reshape(a.args[0], shape)
    return Call(ops.transpose, (a,), shape, {"axes": axes})


def _reshape(a: Expression, shape: Shape, copy: bool = False) -> Expression:  # noqa: ARG001  # the value is the same
    if a.shape == shape:
        return a
    if is_call(a, ops.reshape, Form.ROW):
        return _reshape(a.args[0], shape)
    if is_filled(a):
        return _broadcast_to(a.args[0], shape=shape)
    if a.shape == ():
        return _broadcast_to(a, shape=shape)
    row = len(a.shape) == 1 and shape == (1, *a.shape)  # the lectures' vectors are columns
    return Call(Form.ROW if row else ops.reshape, (a,), shape, {"shape": shape})


def _broadcast_to(a: Expression, shape: Shape) -> Expression:
    if a.shape == shape:
        return a
    if is_call(a, ops.broadcast_to):
        return _broadcast_to(a.args[0], shape=shape)
    return Call(ops.broadcast_to, (a,), shape, {"shape": shape})


def _matmul(a: Expression, b: Expression, shape: Shape) -> Expression:
    if len(a.shape) == 1 and len(b.shape) == 2:  # a vector is a column: v M is Mᵀ v
        return _matmul(_transpose(b, b.shape[::-1]), a, shape)
    if is_call(a, Form.ROW) and a.shape == (1, 1):  # one number: on the left it is a column
        a = replace(a, operation=ops.reshape)
    return Call(ops.matmul, (a, b), shape)


def _linear(x: Expression, weight: Expression, bias: Expression | None = None, *, shape: Shape) -> Expression:
    product = _matmul(x, _transpose(weight, weight.shape[::-1]), shape)
    return product if bias is None else _add(product, bias, shape)


def _where(condition: Expression, a: Expression, b: Expression, shape: Shape) -> Expression:
    """A branch that is broadcast to the shape of the condition is written without the broadcasting."""
    holds = _scalar(condition)
    if holds is not None:
        return _broadcast_to(a if holds else b, shape=shape)
    a, b = (_unrepeated(branch, condition, shape) for branch in (a, b))
    return Call(ops.where, (condition, a, b), shape)


def _total(operation: Primitive, a: Expression, shape: Shape, axis: Any = None, keepdims: bool = False) -> Expression:
    """A sum or product along axes that are listed one by one, however they were given."""
    axes = range(len(a.shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not a.shape or not axes:
        return a
    axes = tuple(sorted(i % len(a.shape) for i in axes))
    return Call(operation, (a,), shape, {"axis": axes, "keepdims": keepdims})


def _mean(a: Expression, shape: Shape, **params: Any) -> Expression:
    return a if a.shape == () else Call(ops.mean, (a,), shape, params)


def _abbreviated(x: Expression, letter: str, meaning: Expression) -> Expression:
    """A statistic of a variable by a letter with the variable as its index, σ_x, or as the variable with a hat."""
    variable = x
    while is_call(variable, ops.reshape, Form.ROW):
        variable = variable.args[0]
    if not isinstance(variable, Symbol):
        return meaning
    name = variable.name
    if letter:
        name = replace(name, base=letter, index=name.base + name.index, source="")
    return Abbreviation(replace(name if letter else name.hat, ndim=len(meaning.shape)), meaning)


def _mean_along(x: Expression, axis: Any, groups: int) -> Expression:
    """The mean over these axes, which stay at length 1; or of each group of channels, in the place of its elements."""
    if groups > 1:
        return Call(ops.group_mean, (x,), x.shape, {"groups": groups})
    return _mean(x, tuple(1 if i in axis else n for i, n in enumerate(x.shape)), axis=axis, keepdims=True)


def _deviation(x: Expression, *, axis: Any, centered: bool, groups: int = 1) -> Expression:
    return _subtract(x, _mean_along(x, axis, groups), x.shape) if centered else x


def _spread(x: Expression, *, eps: float, axis: Any, centered: bool, groups: int = 1, **_: Any) -> Expression:
    square = _mean_along(_square(_deviation(x, axis=axis, centered=centered, groups=groups), x.shape), axis, groups)
    if centered and groups == 1:
        square = Call(ops.var, (x,), square.shape, {"axis": axis, "ddof": 0, "keepdims": True})
    root = Call(ops.sqrt, (_add(square, Constant(eps), square.shape),), square.shape)
    return _abbreviated(x, "σ" if centered else "ρ", root)


def _standardize(x: Expression, *parameters: Expression, shape: Shape, eps: float, **along: Any) -> Expression:
    """γ x̂ + β, or without β, or x̂."""
    x_hat = _abbreviated(x, "", _divide(_deviation(x, **along), _spread(x, eps=eps, **along), x.shape))
    y = _multiply(parameters[0], x_hat, shape) if parameters else x_hat
    return _add(y, parameters[1], shape) if len(parameters) > 1 else y


def _affine(x: Expression, m: Expression, a: Expression, b: Expression | None = None, *, shape: Shape) -> Expression:
    y = _multiply(a, _subtract(x, m, shape), shape)
    return y if b is None else _add(y, b, shape)


def _damping(x: Expression, shape: Shape, alpha: float, k: float, **window: int) -> Expression:
    """d = k + α/n Σ x²."""
    sums = Call(ops.channel_sums, (_square(x, shape),), shape, window)
    return _abbreviated(x, "d", _add(Constant(k), _multiply(Constant(alpha), sums, shape), shape))


def _local_response_norm(x: Expression, shape: Shape, size: int, alpha: float, beta: float, k: float) -> Expression:
    before, after = channels_around(size)
    d = _damping(x, shape, alpha / size, k, before=before, after=after)
    return _divide(x, _power(d, Constant(beta), shape), shape)


def _copied(operation: Primitive) -> Callable[..., Expression]:
    """An operation that only moves elements: an array filled with one number stays one."""

    def simplified(a: Expression, shape: Shape, **params: Any) -> Expression:
        return _broadcast_to(a.args[0], shape=shape) if is_filled(a) else Call(operation, (a,), shape, params)

    return simplified


_SIMPLIFIED: dict[Primitive, Callable[..., Expression]] = {
    ops.add: _add,
    ops.subtract: _subtract,
    ops.multiply: _multiply,
    ops.negative: negative,
    ops.divide: _divide,
    ops.power: _power,
    ops.square: _square,
    ops.reciprocal: _reciprocal,
    ops.exp2: _exp2,
    ops.transpose: _transpose,
    ops.reshape: _reshape,
    ops.broadcast_to: _broadcast_to,
    ops.matmul: _matmul,
    ops.linear: _linear,
    ops.where: _where,
    ops.sum: partial(_total, ops.sum),
    ops.prod: partial(_total, ops.prod),
    ops.mean: _mean,
    ops.affine: _affine,
    ops.standardize: _standardize,
    ops.spread: _spread,
    ops.damping: _damping,
    ops.local_response_norm: _local_response_norm,
    ops.to: lambda a, device, shape: a,  # the value is the same on every device
    **{copies: _copied(copies) for copies in (ops.getitem, ops.flip, ops.roll, ops.tile, ops.repeat)},
}
