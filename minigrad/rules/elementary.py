"""Functions of one argument, element by element: the derivative table of a calculus textbook.

A new one is one row here and one row of sample inputs in ``tests/samples/elementary.py``.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.kernels import elementary as kernels
from minigrad.kernels import special
from minigrad.primitive import Primitive, Unary
from minigrad.rules.select import flat

_LOG_2, _LOG_10 = math.log(2), math.log(10)

# fmt: off
#                        name          forward         error signal of the argument
_abs       = Unary("abs",        operator.abs,   lambda y_bar, y, x: y_bar * np.sign(x),        numpy=np.absolute)
sign       = Unary("sign",       np.sign,        lambda y_bar, y, x: flat(y_bar))
square     = Unary("square",     np.square,      lambda y_bar, y, x: 2 * y_bar * x)
sqrt       = Unary("sqrt",       np.sqrt,        lambda y_bar, y, x: y_bar / (2 * y))
cbrt       = Unary("cbrt",       np.cbrt,        lambda y_bar, y, x: y_bar / (3 * y**2))
reciprocal = Unary("reciprocal", np.reciprocal,  lambda y_bar, y, x: -y_bar * y**2)

exp        = Unary("exp",        np.exp,         lambda y_bar, y, x: y_bar * y)
exp2       = Unary("exp2",       np.exp2,        lambda y_bar, y, x: y_bar * (_LOG_2 * y))
expm1      = Unary("expm1",      np.expm1,       lambda y_bar, y, x: y_bar * np.exp(x))
log        = Unary("log",        np.log,         lambda y_bar, y, x: y_bar / x)
log2       = Unary("log2",       np.log2,        lambda y_bar, y, x: y_bar / (_LOG_2 * x),      symbol="log₂")
log10      = Unary("log10",      np.log10,       lambda y_bar, y, x: y_bar / (_LOG_10 * x),     symbol="log₁₀")
log1p      = Unary("log1p",      np.log1p,       lambda y_bar, y, x: y_bar / (1 + x))

sin        = Unary("sin",        np.sin,         lambda y_bar, y, x: y_bar * np.cos(x))
cos        = Unary("cos",        np.cos,         lambda y_bar, y, x: -y_bar * np.sin(x))
tan        = Unary("tan",        np.tan,         lambda y_bar, y, x: y_bar * (1 + y**2))
# (1 − x) (1 + x) does not cancel near ±1, as 1 − x² does
arcsin     = Unary("arcsin",     np.arcsin,      lambda y_bar, y, x: y_bar / np.sqrt((1 - x) * (1 + x)))
arccos     = Unary("arccos",     np.arccos,      lambda y_bar, y, x: -y_bar / np.sqrt((1 - x) * (1 + x)))
arctan     = Unary("arctan",     np.arctan,      lambda y_bar, y, x: y_bar / (1 + x**2))

sinh       = Unary("sinh",       np.sinh,        lambda y_bar, y, x: y_bar * np.cosh(x))
cosh       = Unary("cosh",       np.cosh,        lambda y_bar, y, x: y_bar * np.sinh(x))
tanh       = Unary("tanh",       np.tanh,        lambda y_bar, y, x: y_bar * (1 - y * y),       derivative="tanh′")
arcsinh    = Unary("arcsinh",    np.arcsinh,     lambda y_bar, y, x: y_bar / np.sqrt(x**2 + 1))
arccosh    = Unary("arccosh",    np.arccosh,     lambda y_bar, y, x: y_bar / (np.sqrt(x - 1) * np.sqrt(x + 1)))
arctanh    = Unary("arctanh",    np.arctanh,     lambda y_bar, y, x: y_bar / ((1 - x) * (1 + x)))

deg2rad    = Unary("deg2rad",    np.deg2rad,     lambda y_bar, y, x: y_bar * (math.pi / 180))
rad2deg    = Unary("rad2deg",    np.rad2deg,     lambda y_bar, y, x: y_bar * (180 / math.pi))
erf        = Unary("erf",        special.erf,    lambda y_bar, y, x: y_bar * (2 / math.sqrt(math.pi) * np.exp(-(x**2))))
# fmt: on

sign.__doc__ = "−1, 0 or 1. It is flat wherever it has a slope, and its error signal is 0."
sqrt.__doc__ = "The square root. At 0 it is vertical: the slope there is inf, and NumPy warns of the division by 0."
cbrt.__doc__ = "The cube root, of negative numbers too. At 0 it is vertical: the slope there is inf."
expm1.__doc__ = "e^x − 1, precise also near 0."
log1p.__doc__ = "log(1 + x), precise also near 0."
erf.__doc__ = "2/√π times the integral of e^(−u²) from 0 to x. It needs SciPy: ``pip install scipy``."

implements(np.fabs)(_abs)
implements(np.radians)(deg2rad)
implements(np.degrees)(rad2deg)


@implements(np.positive)
def positive(x: Any) -> Any:
    """``+x``, which is x."""
    return x


_sinc: Primitive = Primitive(
    "sinc",
    kernels.sinc,
    lambda y_bar, y, x, order: y_bar * _sinc(x, order=order + 1),
)


@implements(np.sinc)
def sinc(x: Any) -> Any:
    """sin(πx) / (πx), and 1 at 0. It and its derivatives of any order are precise near 0 too.

    >>> import minigrad as mg
    >>> x = mg.Tensor([0.5, 1.0], requires_grad=True)
    >>> mg.sinc(x).sum().backward()
    >>> x.grad.round(4)
    array([-1.2732, -1.    ])
    """
    return _sinc(x, order=0)


# Every row is public. Assigned this way, for type checkers would take a computed __all__ for an empty one.
globals()["__all__"] = [name for name, value in globals().items() if isinstance(value, Unary) and name[0] != "_"] + [
    "sinc"
]
