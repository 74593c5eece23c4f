"""Functions of two arguments, element by element: angle, distance, the logarithm of a sum of exponentials."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.core.primitive import Binary, Unary
from minigrad.rules.elementwise.activations import sigmoid
from minigrad.rules.manipulation.select import where

__all__ = ["exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "logaddexp", "logaddexp2"]

_LOG_2, _LOG_10 = math.log(2), math.log(10)

# fmt: off
exp        = Unary("exp",        np.exp,         lambda y_bar, y, x: y_bar * y)
exp2       = Unary("exp2",       np.exp2,        lambda y_bar, y, x: y_bar * (_LOG_2 * y))
expm1      = Unary("expm1",      np.expm1,       lambda y_bar, y, x: y_bar * np.exp(x))
log        = Unary("log",        np.log,         lambda y_bar, y, x: y_bar / x)
log2       = Unary("log2",       np.log2,        lambda y_bar, y, x: y_bar / (_LOG_2 * x),      symbol="log₂")
log10      = Unary("log10",      np.log10,       lambda y_bar, y, x: y_bar / (_LOG_10 * x),     symbol="log₁₀")
log1p      = Unary("log1p",      np.log1p,       lambda y_bar, y, x: y_bar / (1 + x))
# fmt: on

expm1.__doc__ = "e^x − 1, precise also near 0."
log1p.__doc__ = "log(1 + x), precise also near 0."
_LOG_2 = math.log(2)


def _ahead(x: Any, y: Any) -> Any:
    """x − y; of two equal infinities none is ahead."""
    same = (x == y) & ~np.isfinite(x)
    return where(same, 0, x) - where(same, 0, y) if np.any(same) else x - y


# fmt: off
logaddexp  = Binary("logaddexp",  np.logaddexp,  lambda z_bar, z, x, y: z_bar * sigmoid(_ahead(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_ahead(y, x)))
logaddexp2 = Binary("logaddexp2", np.logaddexp2, lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _ahead(x, y)),
                                                 lambda z_bar, z, x, y: z_bar * sigmoid(_LOG_2 * _ahead(y, x)))
# fmt: on

logaddexp.__doc__ = "log(e^x + e^y), without overflow. Two equal infinities share the error signal by halves."
logaddexp2.__doc__ = "log₂(2^x + 2^y), without overflow. Two equal infinities share the error signal by halves."
