"""Special functions: orders below their symbol, primes for derivatives, inverses, and products with logarithms."""

from __future__ import annotations

from typing import Any

from minigrad.core.primitive import Primitive
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Product, Sum
from minigrad.notation.layout import Fenced, Layout, Script, Word
from minigrad.notation.typeset.brackets import Precedence
from minigrad.notation.typeset.typesetter import Typeset, Typesetter, row, typesets


def _of(t: Typesetter, function: Layout, e: Call) -> Typeset:
    """f(x), for a function that is more than a word."""
    return row(function, Fenced(t.operand(e.args[0], Precedence.RELATION))), Precedence.ATOM


@typesets(ops.erfcx, ops.sinc)
def with_primes(t: Typesetter, e: Call) -> Typeset:
    """A derivative of order 2 as f″(x)."""
    return t.call(e, symbol=e.symbol + "′" * e.params["order"])


@typesets(ops.polygamma)
def polygamma(t: Typesetter, e: Call) -> Typeset:
    """ψ(x), ψ′(x), ψ″(x), ψ⁽³⁾(x)."""
    order = e.params["order"]
    if order < 3:
        return t.call(e, symbol=e.symbol + "′" * order)
    return _of(t, Script(Word(e.symbol), above=Word(f"({order})")), e)


@typesets(ops.bessel, ops.second_kind_bessel, ops.modified_bessel)
def bessel(t: Typesetter, e: Call) -> Typeset:
    """The order below the symbol: J₀(x)."""
    return _of(t, Script(Word(e.symbol), below=Word(str(e.params["order"]))), e)


@typesets(ops.scaled_modified_bessel)
def scaled_modified_bessel(t: Typesetter, e: Call) -> Typeset:
    """What it is computed without: e^−|x| I₀(x)."""
    (x,) = e.args
    size = Call(ops.abs, (x,), x.shape)
    decay = Call(ops.exp, (Product(-1.0, (size,), x.shape),), x.shape)
    return t.formula(Product(1.0, (decay, Call(ops.modified_bessel, e.args, e.shape, e.params)), e.shape))


@typesets(ops.erfinv, ops.erfcinv, ops.ndtri)
def inverse(t: Typesetter, e: Call) -> Typeset:
    """f⁻¹(x)."""
    of: dict[Any, Primitive] = {ops.erfinv: ops.erf, ops.erfcinv: ops.erfc, ops.ndtri: ops.ndtr}
    return _of(t, Script(Word(of[e.operation].symbol), above=Word("−1")), e)


@typesets(ops.gammaln, ops.betaln)
def logarithm_of_size(t: Typesetter, e: Call) -> Typeset:
    """log |Γ(x)|."""
    value = Call(ops.gamma if e.operation is ops.gammaln else ops.beta, e.args, e.shape)
    return t.formula(Call(ops.log, (Call(ops.abs, (value,), e.shape),), e.shape))


@typesets(ops.gammainc, ops.gammaincc, ops.betainc)
def with_parameters(t: Typesetter, e: Call) -> Typeset:
    """The parameters before the variable: P(2.5, x)."""
    parameters = tuple(Constant(value) for value in e.params.values())
    return t.call(Call(e.operation, (*parameters, *e.args), e.shape))


@typesets(ops.xlogy, ops.xlog1py, ops.rel_entr, ops.entr)
def product_with_logarithm(t: Typesetter, e: Call) -> Typeset:
    """x log y; −x log x is −1 times x log x."""
    x, y = e.args[0], e.args[-1]
    if e.operation is ops.xlog1py:
        y = Sum((Constant(1), y), y.shape)
    elif e.operation is ops.rel_entr:
        y = Call(ops.divide, (x, y), e.shape)
    sign = -1.0 if e.operation is ops.entr else 1.0
    return t.formula(Product(sign, (x, Call(ops.log, (y,), y.shape)), e.shape))
