"""Powers and roots: power, float_power, square, sqrt, cbrt, reciprocal."""

from __future__ import annotations

import operator

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.core.scipy_special import special_functions
from minigrad.rules.elementwise.arithmetic import multiply
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.manipulation.select import where
from minigrad.rules.safe_division import zero_grad_like
from minigrad.typing import Array

__all__ = ["cbrt", "float_power", "power", "reciprocal", "sqrt", "square"]

_NUMBER = (int, float)


def _power_base(z_bar: Array, z: Array, x: Array, y: Array) -> Array:
    """The error signal of x in x**y. x**0 is the constant 1, at x = 0 too."""
    if isinstance(y, _NUMBER):
        return zero_grad_like(z_bar) if y == 0 else z_bar * (y * x ** (y - 1))
    constant = y == 0
    if not np.any(constant):
        return z_bar * (y * x ** (y - 1))
    # only where the formula gives NaN: elsewhere its slope is 0, and must stay a function of y
    constant = constant & ((x == 0) | ~np.isfinite(x))
    return where(constant, 0, z_bar * (y * x ** where(constant, 1, y - 1)))


def _power_exponent(z_bar: Array, z: Array, x: Array, y: Array) -> Array:
    """The error signal of y in x**y. 0**y is the constant 0 for y > 0: log 1 = 0 takes the place of log 0."""
    x = z.dtype.type(x) if isinstance(x, _NUMBER) else x  # 2**y is float32 if y is
    constant = (y >= 0) & (x == 0)
    x = where(constant, 1, x) if np.any(constant) else x
    if z.dtype.kind == "c" and is_real(x) and np.any(x < 0):  # (−2)**1j has a complex logarithm
        return z_bar * (z * (np.log(np.abs(x)) + 1j * np.angle(x)))
    return z_bar * (z * np.log(x))


# fmt: off
#                  name           forward        error signal of the argument
square     = Unary("square",      np.square,     lambda y_bar, y, x: 2 * y_bar * x)
sqrt       = Unary("sqrt",        np.sqrt,       lambda y_bar, y, x: y_bar / (2 * y))
cbrt       = Unary("cbrt",        np.cbrt,       lambda y_bar, y, x: y_bar / (3 * y**2))
reciprocal = Unary("reciprocal",  np.reciprocal, lambda y_bar, y, x: -y_bar * y**2)

#                   name          forward        error signals of the two arguments
power      = Binary("power",      operator.pow,  _power_base, _power_exponent,           numpy=np.power)
# fmt: on

sqrt.__doc__ = "The square root. Its slope at 0 is inf, with NumPy's warning of the division by 0."
cbrt.__doc__ = "The cube root, of negative numbers too. Its slope at 0 is inf."
power.__doc__ = """``x ** y``, for negative x with whole y.

x**0 is the constant 1: its slope is 0 for every x. 0**y is constant for y > 0, and infinitely steep for y < 0. At
x = 0 the slope with respect to x is infinite where y < 1, and NumPy warns of the division by 0. For negative x, whose
logarithm is not a real number, the error signal of y is NaN; a constant y needs none.
"""


@implements(np.float_power)
def float_power(x: Array, y: Array) -> Array:
    """``x ** y`` in double precision at least, as in NumPy: ``2 ** -1`` is 0.5, and float32 becomes float64.

    >>> import minigrad as mg
    >>> mg.float_power([1, 2, 4], -1)
    array([1.  , 0.5 , 0.25])
    """
    return power(multiply(x, np.float64(1)), y)


special_functions["cbrt"] = cbrt
