"""Functions of two arguments, element by element: angle, distance, the logarithm of a sum of exponentials."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.primitive import Binary
from minigrad.rules.activation import sigmoid
from minigrad.rules.select import flat, not_0, where

__all__ = ["arctan2", "copysign", "hypot", "logaddexp", "logaddexp2"]

_LOG_2 = math.log(2)


def _ahead(x: Any, y: Any) -> Any:
    """x − y; of two equal infinities none is ahead."""
    same = (x == y) & ~np.isfinite(x)
    return where(same, 0, x) - where(same, 0, y) if np.any(same) else x - y


# fmt: off
arctan2    = Binary("arctan2",    np.arctan2,    lambda z_bar, z, x, y: z_bar * y / not_0(x**2 + y**2),
                                                 lambda z_bar, z, x, y: -z_bar * x / not_0(x**2 + y**2))
hypot      = Binary("hypot",      np.hypot,      lambda z_bar, z, x, y: z_bar * x / not_0(z),
                                                 lambda z_bar, z, x, y: z_bar * y / not_0(z))
logaddexp  = Binary("logaddexp",  np.logaddexp,  lambda z_bar, z, x, y: z_bar * sigmoid(_ahead(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_ahead(y, x)))
logaddexp2 = Binary("logaddexp2", np.logaddexp2, lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _ahead(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _ahead(y, x)))
copysign   = Binary("copysign",   np.copysign,   lambda z_bar, z, x, y: z_bar * np.sign(x) * np.copysign(1, y),
                                                 lambda z_bar, z, x, y: flat(z_bar))
# fmt: on

arctan2.__doc__ = """The angle whose tangent is x / y, −π to π: that of the point at height x above width y.

At the origin, which has no angle, both error signals are 0.
"""
hypot.__doc__ = "√(x² + y²), the distance of the point (x, y). At the origin both error signals are 0."
logaddexp.__doc__ = "log(e^x + e^y), without overflow. Two equal infinities share the error signal by halves."
logaddexp2.__doc__ = "log₂(2^x + 2^y), without overflow. Two equal infinities share the error signal by halves."
copysign.__doc__ = "The absolute value of x with the sign of y, which −0.0 has too."
