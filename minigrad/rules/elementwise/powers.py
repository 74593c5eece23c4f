"""TODO"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.rules.elementwise.arithmetic import multiply
from minigrad.rules.manipulation.select import where
from minigrad.rules.safe_math import zero_grad_like

__all__ = ["cbrt", "float_power", "power", "reciprocal", "sqrt", "square"]


_NUMBER = (int, float)


def _power_base(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    # x**0 is the constant 1, also where x is 0
    if isinstance(y, _NUMBER):
        return zero_grad_like(z_bar) if y == 0 else z_bar * (y * x ** (y - 1))
    constant = y == 0
    if not np.any(constant):
        return z_bar * (y * x ** (y - 1))
    # … and where x is infinite or NaN; elsewhere the slope is 0 by its formula, which y moves
    constant = constant & ((x == 0) | ~np.isfinite(x))
    return where(constant, 0, z_bar * (y * x ** where(constant, 1, y - 1)))


def _power_exponent(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    x = z.dtype.type(x) if isinstance(x, _NUMBER) else x  # 2**y is float32 if y is
    constant = (y >= 0) & (x == 0)  # 0**y is flat for y > 0, and has no log 0 in its slope: log 1 is 0
    return z_bar * (z * np.log(where(constant, 1, x) if np.any(constant) else x))


# fmt: off
power    = Binary("power",    operator.pow,     _power_base,
                                                _power_exponent,                       numpy=np.power)
# fmt: on

power.__doc__ = """``x ** y``, for negative x with whole y.

x**0 is the constant 1, and its slopes are 0, whatever x is; 0**y is flat for y > 0, and infinitely steep for
y < 0. The slope with respect to x is infinite where y < 1, and NumPy warns of the division by 0. For
negative x, where log x is no number, the error signal of y is NaN; a constant y is never asked for it.
"""


@implements(np.float_power)
def float_power(x: Any, y: Any) -> Any:
    """``x ** y``, where whole numbers count as floats: ``2 ** -1`` is 0.5. float32 stays float32, unlike in NumPy.

    >>> import minigrad as mg
    >>> mg.float_power([1, 2, 4], -1)
    array([1.  , 0.5 , 0.25])
    """
    return power(multiply(x, 1.0), y)


# fmt: off
square     = Unary("square",     np.square,      lambda y_bar, y, x: 2 * y_bar * x)
sqrt       = Unary("sqrt",       np.sqrt,        lambda y_bar, y, x: y_bar / (2 * y))
cbrt       = Unary("cbrt",       np.cbrt,        lambda y_bar, y, x: y_bar / (3 * y**2))
reciprocal = Unary("reciprocal", np.reciprocal,  lambda y_bar, y, x: -y_bar * y**2)
# fmt: on

sqrt.__doc__ = "The square root. At 0 it is vertical: the slope there is inf, and NumPy warns of the division by 0."
cbrt.__doc__ = "The cube root, of negative numbers too. At 0 it is vertical: the slope there is inf."
