"""The operators ``+ - * / ** // %``, negation, the larger and the smaller of two, and limits.

``operator.mul`` and its kin are the forward functions: on NumPy scalars they are ten times faster than
the ufuncs, and on arrays the same.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minigrad.dispatch import implements
from minigrad.primitive import Binary, Unary
from minigrad.rules.select import flat, where
from minigrad.rules.shape import as_array

__all__ = [
    "add", "clip", "divide", "float_power", "floor_divide", "fmax", "fmin", "fmod", "maximum", "minimum", "mod",
    "multiply", "negative", "power", "remainder", "subtract",
]  # fmt: skip


_NUMBER = (int, float)


def _power_base(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    # x**0 is the constant 1, also where x is 0
    if isinstance(y, _NUMBER):
        return flat(z_bar) if y == 0 else z_bar * (y * x ** (y - 1))
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


def _half_if_tied(z_bar: Any, won: Any, tied: Any) -> Any:
    return where(tied, z_bar / 2, where(won, z_bar, 0))


def _of_winner(z_bar: Any, z: Any, x: Any, won: Any, y: Any) -> Any:
    """The error signal of x, where it won against y or tied with it; NaN wins against all numbers."""
    tied = x == y
    if np.any(np.isnan(z)):
        won = np.logical_or(won, np.isnan(x) & ~np.isnan(y))
        tied = np.logical_or(tied, np.isnan(x) & np.isnan(y))
    return _half_if_tied(z_bar, won, tied)


# fmt: off
negative = Unary("negative", operator.neg, lambda y_bar, y, x: -y_bar, numpy=np.negative)

add      = Binary("add",      operator.add,     lambda z_bar, z, x, y: z_bar,
                                                lambda z_bar, z, x, y: z_bar,          numpy=np.add)
subtract = Binary("subtract", operator.sub,     lambda z_bar, z, x, y: z_bar,
                                                lambda z_bar, z, x, y: -z_bar,         numpy=np.subtract)
multiply = Binary("multiply", operator.mul,     lambda z_bar, z, x, y: z_bar * y,
                                                lambda z_bar, z, x, y: z_bar * x,      numpy=np.multiply)
divide   = Binary("divide",   operator.truediv, lambda z_bar, z, x, y: z_bar / y,
                                                lambda z_bar, z, x, y: -z_bar * z / y, numpy=np.divide)
power    = Binary("power",    operator.pow,     _power_base,
                                                _power_exponent,                       numpy=np.power)

# x = ⌊x / y⌋ y + z: between two jumps the quotient is constant, and the remainder goes with x
floor_divide = Binary("floor_divide", operator.floordiv, lambda z_bar, z, x, y: flat(z_bar),
                                                         lambda z_bar, z, x, y: flat(z_bar),
                                                         numpy=np.floor_divide)
remainder    = Binary("remainder",    operator.mod,      lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: -z_bar * (x // y), numpy=np.remainder)
fmod         = Binary("fmod",         np.fmod,           lambda z_bar, z, x, y: z_bar,
                                                         lambda z_bar, z, x, y: -z_bar * (x - z) / y)

maximum  = Binary("maximum",  np.maximum,       lambda z_bar, z, x, y: _of_winner(z_bar, z, x, x > y, y),
                                                lambda z_bar, z, x, y: _of_winner(z_bar, z, y, y > x, x))
minimum  = Binary("minimum",  np.minimum,       lambda z_bar, z, x, y: _of_winner(z_bar, z, x, x < y, y),
                                                lambda z_bar, z, x, y: _of_winner(z_bar, z, y, y < x, x))
fmax     = Binary("fmax",     np.fmax,          lambda z_bar, z, x, y: _half_if_tied(z_bar, x == z, x == y),
                                                lambda z_bar, z, x, y: _half_if_tied(z_bar, y == z, x == y))
fmin     = Binary("fmin",     np.fmin,          lambda z_bar, z, x, y: _half_if_tied(z_bar, x == z, x == y),
                                                lambda z_bar, z, x, y: _half_if_tied(z_bar, y == z, x == y))
# fmt: on

# x passes a limit with its whole error signal where it is level with it, unlike in maximum and minimum.
_at_least = Binary(
    "at_least",
    lambda x, low: np.maximum(x, low),
    lambda z_bar, z, x, low: where(x < low, 0, z_bar),
    lambda z_bar, z, x, low: where(x < low, z_bar, 0),
    symbol="max",
)
_at_most = Binary(
    "at_most",
    lambda x, high: np.minimum(x, high),
    lambda z_bar, z, x, high: where(x > high, 0, z_bar),
    lambda z_bar, z, x, high: where(x > high, z_bar, 0),
    symbol="min",
)

power.__doc__ = """``x ** y``, for negative x with whole y.

x**0 is the constant 1, and its slopes are 0, whatever x is; 0**y is flat for y > 0, and infinitely steep for
y < 0. The slope with respect to x is infinite where y < 1, and NumPy warns of the division by 0. For
negative x, where log x is no number, the error signal of y is NaN; a constant y is never asked for it.
"""
floor_divide.__doc__ = "``x // y``, rounded down. It is flat between its jumps, and its error signals are 0."
mod = remainder
remainder.__doc__ = "``x % y``, of the sign of y: x − ⌊x / y⌋ y. `np.mod` is the same."
fmod.__doc__ = "The remainder of the sign of x, as in C: x / y is rounded towards 0."
maximum.__doc__ = """The larger of x and y; NaN if one of them is, which gets the error signal then.

Where they tie, each gets half of the error signal.
"""
minimum.__doc__ = """The smaller of x and y; NaN if one of them is, which gets the error signal then.

Where they tie, each gets half of the error signal.
"""
fmax.__doc__ = (
    "The larger of x and y; if one is NaN, the other, and NaN gets 0. A tie shares the error signal by halves."
)
fmin.__doc__ = (
    "The smaller of x and y; if one is NaN, the other, and NaN gets 0. A tie shares the error signal by halves."
)


@implements(np.float_power)
def float_power(x: Any, y: Any) -> Any:
    """``x ** y``, where whole numbers count as floats: ``2 ** -1`` is 0.5. float32 stays float32, unlike in NumPy.

    >>> import minigrad as mg
    >>> mg.float_power([1, 2, 4], -1)
    array([1.  , 0.5 , 0.25])
    """
    return power(multiply(x, 1.0), y)


def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """x, but not less than `min` and not more than `max`.

    What lies within the limits, or on one of them, passes the whole error signal on to x, and what lies outside to
    the limit, which may be a Tensor, too. If `min` is larger than `max`, the result is `max`.

    Arguments:
        min, max: numbers, arrays or Tensors that broadcast with `x`; ``None`` for no limit.

    >>> import minigrad as mg
    >>> x = mg.Tensor([-2.0, 0.5, 1.0, 7.0], requires_grad=True)
    >>> mg.clip(x, 0, 1).sum().backward()
    >>> x.grad
    array([0., 1., 1., 0.])
    """
    x = as_array(x, "clip") if min is None else _at_least(x, min)
    return x if max is None else _at_most(x, max)


@implements(np.clip)
def _np_clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    return clip(a, a_min if min is None else min, a_max if max is None else max)


@implements(np.divmod)
def quotient_and_remainder(x: Any, y: Any) -> tuple[Any, Any]:
    """``divmod(x, y)``: ``x // y`` and ``x % y``."""
    return floor_divide(x, y), remainder(x, y)
