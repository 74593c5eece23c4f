"""Arithmetic of rules that is safe where a slope is a choice, at 0, and where squares leave the range of the dtype."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Binary, Primitive
from minigrad.core.recording.scopes import records_arrays
from minigrad.kernels.overflow_safe_scaling import in_single_precision, root
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["in_direction_of", "nonzero_or_one", "positive_power", "safe_divide", "squares_overflow", "zero_grad_like"]


def zero_grad_like(y_bar: Array) -> Array:
    """The error signal of the argument of a constant function: 0, also where ȳ is infinite and 0 · ȳ would be NaN."""
    return where(True, 0, y_bar)


def nonzero_or_one(x: Array) -> Array:
    """x, and 1 where it is 0: a divisor for numerators that are 0 or replaced there."""
    at_0 = x == 0
    return where(at_0, 1, x) if np.any(at_0) else x


_quotient = Binary(
    "quotient",
    lambda a, b: np.where(b == 0, 0, a / np.where(b == 0, 1, b))[()],
    lambda z_bar, z, a, b: where(b == 0, np.nan, z_bar / nonzero_or_one(b)),
    lambda z_bar, z, a, b: where(b == 0, np.nan, -z_bar * z / nonzero_or_one(b)),
)


def safe_divide(a: Array, b: Array) -> Array:
    """a / b, and 0 where b is 0: at the tip of a cone no direction is the steepest.

    This is a slope. There it jumps, and its own derivative, the curvature, is infinite times 0: NaN.
    """
    return _quotient(a, b) if np.any(b == 0) else a / b


def in_direction_of(x: Array, y: Array, y_bar: Array) -> Array:
    """ȳ x / y: for y, the length of x, the vector of length ȳ in the direction of x; 0 where y is 0."""

    def scaled(y: Array) -> Array:
        if squares_fit(y):
            return y_bar * safe_divide(1, y) * x
        return y_bar * safe_divide(x, y)  # first, as ȳ x may be infinite or 0

    return in_single_precision(scaled, y)


_positive_power = Primitive(
    "positive_power",
    lambda x, exponent: x**exponent,
    lambda y_bar, y, x, exponent: y_bar * exponent * safe_divide(y, x),
    axes=elementwise,
)


def positive_power(x: Array, exponent: float) -> Array:
    """x to a power for x ≥ 0; at x = 0 its slope is taken as 0, and its curvature is NaN.

    What ``record`` keeps does not depend on the numbers.
    """
    return _positive_power(x, exponent=exponent) if records_arrays() or np.any(x == 0) else x**exponent


def squares_fit(y: Array) -> bool:
    """Whether the squares of these lengths, but for 0, neither overflow nor underflow."""
    y = unwrap(y)
    smallest = root(np.finfo(y.dtype).tiny, 2)
    return bool(np.all((y == 0) | ((y > smallest) & (y < 1 / smallest))))


def squares_overflow(x: Array) -> bool:
    """Whether x² is infinite somewhere; complex numbers are not looked into."""
    return x.dtype.kind == "f" and bool(np.any(abs(x) > root(np.finfo(x.dtype).max, 2) / 2))
