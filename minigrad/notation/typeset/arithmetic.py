"""Fractions, powers, roots, absolute values, and functions written by others."""

from __future__ import annotations

from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Expression, Sum
from minigrad.notation.layout import Fenced, Fraction, Identifier, Layout, Root, Script, Sign, Word
from minigrad.notation.typeset.brackets import Precedence, is_matmul, is_open, uncolumned
from minigrad.notation.typeset.typesetter import Typeset, Typesetter, row, typesets


@typesets(ops.divide)
def divide(t: Typesetter, e: Call) -> Typeset:
    above, below = e.args
    if not t.flat:
        return Fraction(t.operand(above, Precedence.SUM), t.operand(below, Precedence.SUM)), Precedence.POWER
    mixed = is_open(above) or (below.shape and is_matmul(uncolumned(above)))  # (log x) / y, (A B) / C
    numerator = t.operand(above, Precedence.POWER if mixed else Precedence.PRODUCT)
    return row(numerator, Sign(" / "), t.operand(below, Precedence.POWER)), Precedence.PRODUCT


@typesets(ops.quotient)
def quotient(t: Typesetter, e: Call) -> Typeset:
    return t.formula(Call(ops.divide, e.args, e.shape))


@typesets(ops.positive_power)
def positive_power(t: Typesetter, e: Call) -> Typeset:
    return t.formula(Call(ops.power, (*e.args, Constant(e.params["exponent"])), e.shape))


@typesets(ops.floor_divide)
def floor_divide(t: Typesetter, e: Call) -> Typeset:
    fraction, _ = divide(t, e)
    return Fenced(fraction, "⌊", "⌋"), Precedence.ATOM


@typesets(ops.remainder)
def remainder(t: Typesetter, e: Call) -> Typeset:
    left, right = (t.operand(arg, Precedence.POWER) for arg in e.args)
    return row(left, Sign(" mod "), right), Precedence.SUM


@typesets(ops.power)
def power(t: Typesetter, e: Call) -> Typeset:
    base, exponent = e.args
    layout = t.operand(base, Precedence.ATOM)
    if isinstance(layout, Identifier) and layout.name.layer:  # (w⁽¹⁾)²
        layout = Fenced(layout)
    return Script(layout, above=t.operand(exponent, Precedence.SUM)), Precedence.POWER


@typesets(ops.exp)
def exp(t: Typesetter, e: Call) -> Typeset:
    return Script(Word("e"), above=t.operand(e.args[0], Precedence.SUM)), Precedence.POWER


@typesets(ops.sqrt)
def sqrt(t: Typesetter, e: Call) -> Typeset:
    (body,) = e.args
    layout, _ = t.formula(body)
    if isinstance(layout, Script) and isinstance(layout.base, Fenced) and layout.base.left == "‖" and layout.above:
        return layout.base, Precedence.ATOM  # the root of ‖x‖²
    return _root(t, body), Precedence.POWER


@typesets(ops.cbrt)
def cbrt(t: Typesetter, e: Call) -> Typeset:
    return _root(t, e.args[0], "3"), Precedence.POWER


def _root(t: Typesetter, body: Expression, degree: str = "") -> Layout:
    return Root(t.operand(body, Precedence.ATOM if t.flat else Precedence.SUM), degree)


@typesets(ops.abs, ops.modulus)
def absolute(t: Typesetter, e: Call) -> Typeset:
    return Fenced(t.operand(e.args[0], Precedence.SUM), "|", "|"), Precedence.ATOM


@typesets(ops.hypot)
def hypot(t: Typesetter, e: Call) -> Typeset:
    squares = tuple(Call(ops.power, (arg, Constant(2)), arg.shape) for arg in e.args)
    return t.formula(Call(ops.sqrt, (Sum(squares, e.shape),), e.shape))


@typesets(ops.logaddexp)
def logaddexp(t: Typesetter, e: Call) -> Typeset:
    powers = tuple(Call(ops.exp, (arg,), arg.shape) for arg in e.args)
    return t.formula(Call(ops.log, (Sum(powers, e.shape),), e.shape))


@typesets(ops.logaddexp2)
def logaddexp2(t: Typesetter, e: Call) -> Typeset:
    powers = tuple(Call(ops.power, (Constant(2), arg), arg.shape) for arg in e.args)
    return t.formula(Call(ops.log2, (Sum(powers, e.shape),), e.shape))


@typesets(ops.astype)
def astype(t: Typesetter, e: Call) -> Typeset:
    """As NumPy converts a number: float32(x)."""
    body = t.operand(e.args[0], Precedence.RELATION)
    return row(Word(e.params["dtype"]), Fenced(body)), Precedence.ATOM
