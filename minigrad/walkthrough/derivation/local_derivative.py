"""The local derivative in a contribution: the factor of the error signal that is passed on."""

from __future__ import annotations

from minigrad.notation import Expression, Name
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Product, Sum, Symbol, symbols
from minigrad.notation.simplify import call

__all__ = ["local_derivative"]


def local_derivative(e: Expression, name: Name) -> Expression | None:
    """The factor of the symbol with this name in a formula; ``None`` if the formula is not a multiple of it."""
    match e:
        case Symbol():
            return Constant(1.0) if e.name == name else None
        case Sum():
            derivatives = [local_derivative(term, name) for term in e.terms]
            return None if None in derivatives else Sum(tuple(derivatives), e.shape)  # type: ignore[arg-type]
        case Product():
            inside = [i for i, factor in enumerate(e.factors) if any(s.name == name for s in symbols(factor))]
            derivative = local_derivative(e.factors[inside[0]], name) if len(inside) == 1 else None
            if derivative is None:
                return None
            rest: Expression = Constant(e.coefficient)
            for i, factor in enumerate(e.factors):
                rest = call(ops.multiply, (rest, derivative if i == inside[0] else factor), {}, e.shape)
            return rest
        case Call(ops.divide, (above, below)):
            derivative = local_derivative(above, name)
            return None if derivative is None else call(ops.divide, (derivative, below), {}, e.shape)
    return None
