"""Arithmetic: the operators ``+ - * / // %``, negation, signs and absolute values, steps and fractional parts.

The forward functions are ``operator.mul`` and its like: on NumPy scalars they are ten times as fast as the ufuncs,
on arrays the same.
"""

from __future__ import annotations

import operator

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.kernels.complex import is_complex, require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import is_real, modulus
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.safe_division import nonzero_or_one, zero_grad_like
from minigrad.typing import Array

__all__ = [
    "abs", "add", "copysign", "divide", "floor_divide", "fmod", "heaviside", "mod", "modf", "multiply", "negative",
    "remainder", "sign", "subtract",
]  # fmt: skip

# fmt: off
#                    name             forward            error signal of the argument
negative     = Unary("negative",      operator.neg,      lambda y_bar, y, x: -y_bar,                numpy=np.negative)
_abs         = Unary("abs",           operator.abs,      lambda y_bar, y, x: y_bar * np.sign(x),    numpy=np.absolute)
_sign        = Unary("sign",          np.sign,           lambda y_bar, y, x: zero_grad_like(y_bar))
_fraction    = Unary("modf",          lambda x: np.modf(x)[0],
                                                         lambda y_bar, y, x: y_bar,                 symbol="frac")

#                     name            forward            error signals of the two arguments
add          = Binary("add",          operator.add,      lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: z_bar,              numpy=np.add)
subtract     = Binary("subtract",     operator.sub,      lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: -z_bar,             numpy=np.subtract)
multiply     = Binary("multiply",     operator.mul,      lambda z_bar, z, x, y: z_bar * y,
                                                         lambda z_bar, z, x, y: z_bar * x,          numpy=np.multiply)
divide       = Binary("divide",       operator.truediv,  lambda z_bar, z, x, y: z_bar / y,
                                                         lambda z_bar, z, x, y: -z_bar * z / y,     numpy=np.divide)

# x = ⌊x / y⌋ y + z: between two jumps the quotient is constant, and the remainder moves with x
floor_divide = Binary("floor_divide", operator.floordiv, lambda z_bar, z, x, y: zero_grad_like(z_bar),
                                                         lambda z_bar, z, x, y: zero_grad_like(z_bar),
                                                                                                numpy=np.floor_divide)
remainder    = Binary("remainder",    operator.mod,      lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: -z_bar * (x // y),  numpy=np.remainder)
fmod         = Binary("fmod",         np.fmod,           lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: -z_bar * (x - z) / y)

copysign     = Binary("copysign",     np.copysign,       lambda z_bar, z, x, y: z_bar * np.sign(x) * np.copysign(1, y),
                                                         lambda z_bar, z, x, y: zero_grad_like(z_bar))
heaviside    = Binary("heaviside",    np.heaviside,      lambda z_bar, z, x, y: zero_grad_like(z_bar),
                                                         lambda z_bar, z, x, y: where(x == 0, z_bar, 0))
# fmt: on

mod = remainder

floor_divide.__doc__ = "``x // y``, rounded down. It is constant between its jumps: both error signals are 0."
remainder.__doc__ = "``x % y``, with the sign of y: x − ⌊x / y⌋ y. `np.mod` is the same."
fmod.__doc__ = "The remainder with the sign of x, as in C: x / y is rounded towards 0."
copysign.__doc__ = "The absolute value of x with the sign of y; −0.0 is negative."
heaviside.__doc__ = (
    "The step: 0 where x < 0, 1 where x > 0, and y at x = 0, where y gets the error signal. That of x is 0."
)


@implements(np.absolute)
def abs(x: Array) -> Array:
    """The absolute value ``|x|``, element by element, of real and complex numbers; the slope at 0 is 0.

    `np.fabs` is the same for real numbers.

    >>> import minigrad as mg
    >>> mg.abs(mg.Tensor([3.0 + 4.0j, -2.0]))
    Tensor([5., 2.])
    """
    return _abs(x) if is_real(x) else modulus(x)


@implements(np.fabs)
def _fabs(x: Array) -> Array:
    """The absolute value of real numbers, as floats."""
    require_real(x, "fabs")
    return _abs(x if x.dtype.kind == "f" else astype(x, np.result_type(x.dtype, np.float16)))


@implements(np.sign)
def sign(x: Array) -> Array:
    """−1, 0 or 1, element by element; for complex numbers ``z / |z|``, the number of length 1 in the direction of z.

    The derivative of real numbers is 0, at the jump too.

    >>> import minigrad as mg
    >>> mg.sign(mg.Tensor([-2.0, 0.0]))
    Tensor([-1.,  0.])
    >>> mg.sign(mg.Tensor([3.0 + 4.0j]))
    Tensor([0.6+0.8j], dtype=complex128)
    """
    if is_real(x):
        return _sign(x)
    x = as_array(x, "sign")
    return where(x == 0, 0, x / nonzero_or_one(modulus(x))) if is_complex(x) else _sign(x)


@implements(np.positive)
def positive(x: Array) -> Array:
    """``+x``, which is x."""
    return x


@implements(np.divmod)
def floor_divide_and_remainder(x: Array, y: Array) -> tuple[Array, Array]:
    """``divmod(x, y)``: ``x // y`` and ``x % y``."""
    return floor_divide(x, y), remainder(x, y)


@implements(np.modf)
def modf(x: Array) -> tuple[Array, Array]:
    """The fractional and the whole part of real numbers, both with the sign of `x`.

    Between its jumps the fraction moves with `x`. The whole part has no derivative, and is a plain array.

    >>> import minigrad as mg
    >>> fraction, whole = mg.modf(mg.Tensor([2.25, -0.5]))
    >>> fraction, whole + 0.0
    (Tensor([ 0.25, -0.5 ]), array([2., 0.]))
    """
    x = as_array(x, "modf")
    require_real(x, "modf")
    return _fraction(x), np.modf(unwrap(x))[1]
