"""Exponential functions and logarithms, to the bases e, 2 and 10; products with powers of 2."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.activations import sigmoid
from minigrad.rules.elementwise.powers import power
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["exp", "exp2", "expm1", "frexp", "ldexp", "log", "log1p", "log2", "log10", "logaddexp", "logaddexp2"]

_LOG_2, _LOG_10 = math.log(2), math.log(10)


def _difference(x: Array, y: Array) -> Array:
    """x − y; 0 for two equal infinities, in place of NaN."""
    same = (x == y) & ~np.isfinite(x)
    return where(same, 0, x) - where(same, 0, y) if np.any(same) else x - y


# fmt: off
#                  name           forward        error signal of the argument
exp        = Unary("exp",         np.exp,        lambda y_bar, y, x: y_bar * y)
exp2       = Unary("exp2",        np.exp2,       lambda y_bar, y, x: y_bar * (_LOG_2 * y))
expm1      = Unary("expm1",       np.expm1,      lambda y_bar, y, x: y_bar * np.exp(x))
log        = Unary("log",         np.log,        lambda y_bar, y, x: y_bar / x)
log2       = Unary("log2",        np.log2,       lambda y_bar, y, x: y_bar / (_LOG_2 * x),       symbol="log₂")
log10      = Unary("log10",       np.log10,      lambda y_bar, y, x: y_bar / x / _LOG_10,        symbol="log₁₀")
log1p      = Unary("log1p",       np.log1p,      lambda y_bar, y, x: y_bar / (1 + x))

#                   name          forward        error signals of the two arguments
logaddexp  = Binary("logaddexp",  np.logaddexp,  lambda z_bar, z, x, y: z_bar * sigmoid(_difference(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_difference(y, x)))
logaddexp2 = Binary("logaddexp2", np.logaddexp2, lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _difference(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _difference(y, x)))
ldexp      = Binary("ldexp",      np.ldexp,      lambda z_bar, z, x, n: np.ldexp(z_bar, n))
# fmt: on

ldexp.__doc__ = "x 2ⁿ, for whole numbers n, which have no derivative. Only x gets an error signal."
expm1.__doc__ = "e^x − 1, precise near 0 too."
log1p.__doc__ = "log(1 + x), precise near 0 too."
logaddexp.__doc__ = "log(e^x + e^y), without overflow. Two equal infinities get half of the error signal each."
logaddexp2.__doc__ = "log₂(2^x + 2^y), without overflow. Two equal infinities get half of the error signal each."


@implements(np.frexp)
def frexp(x: Array) -> tuple[Array, Array]:
    """Mantissa and exponent: x = m 2ⁿ, with m from ½ to 1, or its negative; 0 and 0 for x = 0. Exponents are plain.

    >>> import minigrad as mg
    >>> mg.frexp(mg.Tensor([5.0, -0.25]))
    (Tensor([ 0.625, -0.5  ]), array([ 3, -1], dtype=int32))
    """
    x = as_array(x, "frexp")
    require_real(x, "frexp")
    n = np.frexp(unwrap(x))[1]
    return ldexp(x, -n), n


special_functions.update(exp2=exp2, expm1=expm1, log1p=log1p)
special_functions["exp10"] = lambda x: power(10.0, x)
