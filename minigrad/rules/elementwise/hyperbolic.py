"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Unary
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.safe_division import squares_overflow
from minigrad.typing import Array

__all__ = ["arccosh", "arcsinh", "arctanh", "cosh", "sinh", "tanh"]


def _cosh_of_arcsinh(y: Array, x: Array) -> Array:
    """√(x² + 1), also where x² is infinite.

    Of complex numbers there are two roots, and which it is, y knows, on either side of a branch cut.
    """
    if not is_real(x):
        return np.cosh(y)
    return np.hypot(x, 1) if squares_overflow(x) else np.sqrt(x**2 + 1)


def _sinh_of_arccosh(y: Array, x: Array) -> Array:
    return np.sqrt(x - 1) * np.sqrt(x + 1) if is_real(x) else np.sinh(y)


# fmt: off
#               name       forward     error signal of the argument
sinh    = Unary("sinh",    np.sinh,    lambda y_bar, y, x: y_bar * np.cosh(x))
cosh    = Unary("cosh",    np.cosh,    lambda y_bar, y, x: y_bar * np.sinh(x))
tanh    = Unary("tanh",    np.tanh,    lambda y_bar, y, x: y_bar * (1 - y * y),       derivative="tanh′")
arcsinh = Unary("arcsinh", np.arcsinh, lambda y_bar, y, x: y_bar / _cosh_of_arcsinh(y, x))
arccosh = Unary("arccosh", np.arccosh, lambda y_bar, y, x: y_bar / _sinh_of_arccosh(y, x))
arctanh = Unary("arctanh", np.arctanh, lambda y_bar, y, x: y_bar / ((1 - x) * (1 + x)))
# fmt: on
