"""The local derivative in a contribution: what it multiplies the incoming error signal by."""

from __future__ import annotations

from minigrad.notation import Expression, Name
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Product, Sum, Symbol, symbols
from minigrad.notation.simplify import call

__all__ = ["local_derivative"]


def local_derivative(e: Expression, name: Name) -> Expression | None:
    """What a formula multiplies the symbol of this name by; ``None`` if it is no multiple of it."""
    match e:
        case Symbol():
            return Constant(1.0) if e.name == name else None
        case Sum():
            slopes = [local_derivative(term, name) for term in e.terms]
            return None if None in slopes else Sum(tuple(slopes), e.shape)  # type: ignore[arg-type]
        case Product():
            inside = [i for i, factor in enumerate(e.factors) if any(s.name == name for s in symbols(factor))]
            slope = local_derivative(e.factors[inside[0]], name) if len(inside) == 1 else None
            if slope is None:
                return None
            rest: Expression = Constant(e.coefficient)
            for i, factor in enumerate(e.factors):
                rest = call(ops.multiply, (rest, slope if i == inside[0] else factor), {}, e.shape)
            return rest
        case Call(ops.divide, (above, below)):
            slope = local_derivative(above, name)
            return None if slope is None else call(ops.divide, (slope, below), {}, e.shape)
    return None
