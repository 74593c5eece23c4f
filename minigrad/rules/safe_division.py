"""Arithmetic of rules that is safe at 0: no 0 · ∞ and no 0 / 0, in derivatives of any order."""

from __future__ import annotations

import numpy as np

from minigrad.rules.manipulation.select import where
from minigrad.typing import Array

__all__ = ["nonzero_or_one", "safe_divide", "zero_grad_like"]


def zero_grad_like(y_bar: Array) -> Array:
    """The error signal of the argument of a constant function: 0, also where ȳ is infinite and 0 · ȳ would be NaN."""
    return where(True, 0, y_bar)


def nonzero_or_one(x: Array) -> Array:
    """x, and 1 where it is 0: a divisor for numerators that are 0 or replaced there."""
    at_0 = x == 0
    return where(at_0, 1, x) if np.any(at_0) else x


def safe_divide(a: Array, b: Array) -> Array:
    """a / b, and 0 with all its derivatives where b is 0: at the tip of a cone no direction is the steepest."""
    at_0 = b == 0
    return where(at_0, 0, a / nonzero_or_one(b)) if np.any(at_0) else a / b
