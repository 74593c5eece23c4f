"""Trigonometric functions and their inverses, degrees and radians, and polar coordinates: hypot and arctan2."""

from __future__ import annotations

import math

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Unary
from minigrad.rules.safe_division import nonzero_or_one

__all__ = ["arccos", "arcsin", "arctan", "arctan2", "cos", "deg2rad", "hypot", "rad2deg", "sin", "tan"]

# fmt: off
#               name        forward     error signal of the argument
sin     = Unary("sin",      np.sin,     lambda y_bar, y, x: y_bar * np.cos(x))
cos     = Unary("cos",      np.cos,     lambda y_bar, y, x: -y_bar * np.sin(x))
tan     = Unary("tan",      np.tan,     lambda y_bar, y, x: y_bar * (1 + y**2))
# (1 − x) (1 + x) does not cancel near ±1, as 1 − x² does
arcsin  = Unary("arcsin",   np.arcsin,  lambda y_bar, y, x: y_bar / np.sqrt((1 - x) * (1 + x)))
arccos  = Unary("arccos",   np.arccos,  lambda y_bar, y, x: -y_bar / np.sqrt((1 - x) * (1 + x)))
arctan  = Unary("arctan",   np.arctan,  lambda y_bar, y, x: y_bar / (1 + x**2))
deg2rad = Unary("deg2rad",  np.deg2rad, lambda y_bar, y, x: y_bar * (math.pi / 180))
rad2deg = Unary("rad2deg",  np.rad2deg, lambda y_bar, y, x: y_bar * (180 / math.pi))

#                name       forward     error signals of the two arguments
arctan2 = Binary("arctan2", np.arctan2, lambda z_bar, z, x, y: z_bar * y / nonzero_or_one(x**2 + y**2),
                                        lambda z_bar, z, x, y: -z_bar * x / nonzero_or_one(x**2 + y**2))
hypot   = Binary("hypot",   np.hypot,   lambda z_bar, z, x, y: z_bar * x / nonzero_or_one(z),
                                        lambda z_bar, z, x, y: z_bar * y / nonzero_or_one(z))
# fmt: on

arctan2.__doc__ = """The angle of the point at height x and width y, −π to π; its tangent is x / y.

At the origin, which has no angle, both error signals are 0.
"""
hypot.__doc__ = "√(x² + y²), the distance of the point (x, y) from the origin, where both error signals are 0."

implements(np.radians)(deg2rad)
implements(np.degrees)(rad2deg)
