"""The operators ``+ - * / ** // %``, negation, the larger and the smaller of two, and limits.

``operator.mul`` and its kin are the forward functions: on NumPy scalars they are ten times faster than
the ufuncs, and on arrays the same.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.rules.safe_math import zero_grad_like

__all__ = [
    "add", "copysign", "divide", "floor_divide", "fmod", "mod", "multiply", "negative", "remainder", "sign",
    "subtract",
]  # fmt: skip


# fmt: off

negative = Unary("negative", operator.neg, lambda y_bar, y, x: -y_bar, numpy=np.negative)
add = Binary("add", operator.add, lambda z_bar, z, x, y: z_bar, lambda z_bar, z, x, y: z_bar, numpy=np.add)
subtract = Binary(
    "subtract", operator.sub, lambda z_bar, z, x, y: z_bar, lambda z_bar, z, x, y: -z_bar, numpy=np.subtract
)
multiply = Binary(
    "multiply", operator.mul, lambda z_bar, z, x, y: z_bar * y, lambda z_bar, z, x, y: z_bar * x, numpy=np.multiply
)
divide = Binary(
    "divide", operator.truediv, lambda z_bar, z, x, y: z_bar / y, lambda z_bar, z, x, y: -z_bar * z / y, numpy=np.divide
)

# x = ⌊x / y⌋ y + z: between two jumps the quotient is constant, and the remainder goes with x
floor_divide = Binary(
    "floor_divide",
    operator.floordiv,
    lambda z_bar, z, x, y: zero_grad_like(z_bar),
    lambda z_bar, z, x, y: zero_grad_like(z_bar),
    numpy=np.floor_divide,
)
remainder = Binary(
    "remainder",
    operator.mod,
    lambda z_bar, z, x, y: z_bar,
    lambda z_bar, z, x, y: -z_bar * (x // y),
    numpy=np.remainder,
)
fmod = Binary("fmod", np.fmod, lambda z_bar, z, x, y: z_bar, lambda z_bar, z, x, y: -z_bar * (x - z) / y)
# fmt: on

floor_divide.__doc__ = "``x // y``, rounded down. It is flat between its jumps, and its error signals are 0."
mod = remainder
remainder.__doc__ = "``x % y``, of the sign of y: x − ⌊x / y⌋ y. `np.mod` is the same."
fmod.__doc__ = "The remainder of the sign of x, as in C: x / y is rounded towards 0."


@implements(np.divmod)
def quotient_and_remainder(x: Any, y: Any) -> tuple[Any, Any]:
    """``divmod(x, y)``: ``x // y`` and ``x % y``."""
    return floor_divide(x, y), remainder(x, y)


# fmt: off

#                        name          forward         error signal of the argument
_abs       = Unary("abs",        operator.abs,   lambda y_bar, y, x: y_bar * np.sign(x),        numpy=np.absolute)
sign       = Unary("sign",       np.sign,        lambda y_bar, y, x: zero_grad_like(y_bar))
# fmt: on

sign.__doc__ = "−1, 0 or 1. It is flat wherever it has a slope, and its error signal is 0."
implements(np.fabs)(_abs)


@implements(np.positive)
def positive(x: Any) -> Any:
    """``+x``, which is x."""
    return x


# fmt: off
copysign   = Binary("copysign",   np.copysign,   lambda z_bar, z, x, y: z_bar * np.sign(x) * np.copysign(1, y),
                                                 lambda z_bar, z, x, y: zero_grad_like(z_bar))
# fmt: on

copysign.__doc__ = "The absolute value of x with the sign of y, which −0.0 has too."
