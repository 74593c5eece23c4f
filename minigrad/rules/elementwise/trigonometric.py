"""Trigonometric functions and their inverses, degrees and radians, polar coordinates: hypot, arctan2, and unwrap."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Primitive, Unary
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.safe_division import safe_divide, squares_overflow
from minigrad.typing import Array

__all__ = ["arccos", "arcsin", "arctan", "arctan2", "cos", "deg2rad", "hypot", "rad2deg", "sin", "tan", "unwrap"]


def _over_one_plus_square(a: Array, x: Array) -> Array:
    """a / (1 + x²), in two steps where x² is infinite."""
    if squares_overflow(x):
        return a / np.hypot(1, x) / np.hypot(1, x)
    return a / (1 + x**2)


def _over_square_of_distance(a: Array, x: Array, y: Array) -> Array:
    """a / (x² + y²) without squares, which would be infinite or 0; 0 at the origin."""
    r = np.hypot(x, y)
    return safe_divide(safe_divide(a, r), r)


def _cos_of_arcsin(y: Array, x: Array) -> Array:
    """√(1 − x²). Of complex numbers there are two roots, and which it is, y knows, on either side of a branch cut."""
    # (1 − x) (1 + x) does not cancel near ±1, as 1 − x² does
    return np.sqrt((1 - x) * (1 + x)) if is_real(x) else np.cos(y)


def _sin_of_arccos(y: Array, x: Array) -> Array:
    return np.sqrt((1 - x) * (1 + x)) if is_real(x) else np.sin(y)


# fmt: off
#               name        forward     error signal of the argument
sin     = Unary("sin",      np.sin,     lambda y_bar, y, x: y_bar * np.cos(x))
cos     = Unary("cos",      np.cos,     lambda y_bar, y, x: -y_bar * np.sin(x))
tan     = Unary("tan",      np.tan,     lambda y_bar, y, x: y_bar * (1 + y**2))
arcsin  = Unary("arcsin",   np.arcsin,  lambda y_bar, y, x: y_bar / _cos_of_arcsin(y, x))
arccos  = Unary("arccos",   np.arccos,  lambda y_bar, y, x: -y_bar / _sin_of_arccos(y, x))
arctan  = Unary("arctan",   np.arctan,  lambda y_bar, y, x: _over_one_plus_square(y_bar, x))
deg2rad = Unary("deg2rad",  np.deg2rad, lambda y_bar, y, x: y_bar * (math.pi / 180))
rad2deg = Unary("rad2deg",  np.rad2deg, lambda y_bar, y, x: y_bar * (180 / math.pi))

#                name       forward     error signals of the two arguments
arctan2 = Binary("arctan2", np.arctan2, lambda z_bar, z, x, y: z_bar * _over_square_of_distance(y, x, y),
                                        lambda z_bar, z, x, y: -z_bar * _over_square_of_distance(x, x, y))
hypot   = Binary("hypot",   np.hypot,   lambda z_bar, z, x, y: z_bar * safe_divide(x, z),
                                        lambda z_bar, z, x, y: z_bar * safe_divide(y, z))
# fmt: on

arctan2.__doc__ = """The angle of the point at height x and width y, −π to π; its tangent is x / y.

At the origin, which has no angle, both error signals are 0.
"""
hypot.__doc__ = "√(x² + y²), the distance of the point (x, y) from the origin, where both error signals are 0."

implements(np.radians)(deg2rad)
implements(np.degrees)(rad2deg)


_unwrap = Primitive(
    "unwrap",
    lambda x, discont, axis, period: np.unwrap(x, discont, axis, period=period),
    lambda y_bar, y, x, discont, axis, period: y_bar,  # it adds whole periods, which are constants
    axes=along_axis,
)


@implements(np.unwrap)
def unwrap(x: Array, discont: float | None = None, axis: int = -1, *, period: float = 2 * math.pi) -> Array:
    """Angles without jumps: whole periods are added, so that neighbours along an axis are half a period apart at most.

    Arguments:
        discont: the smallest difference that counts as a jump; by default half a period.

    >>> import minigrad as mg
    >>> mg.unwrap(mg.Tensor([170.0, 175.0, -180.0, -175.0]), period=360)
    Tensor([170., 175., 180., 185.])
    """
    refuse_gradient("unwrap", "discont", discont)
    refuse_gradient("unwrap", "period", period)
    return _unwrap(as_array(x, "unwrap"), discont=discont, axis=axis, period=period)
