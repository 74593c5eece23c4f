"""Functions of one argument, element by element: the derivative table of a calculus textbook.

A new one is one row here and one row of sample inputs in ``tests/samples/elementary.py``.
"""

from __future__ import annotations

import numpy as np

from minigrad.kernels import elementary as kernels
from minigrad.primitive import Unary

# fmt: off
#                  name       forward          error signal of the argument
exp     = Unary("exp",     np.exp,          lambda y_bar, y, x: y_bar * y)
log     = Unary("log",     np.log,          lambda y_bar, y, x: y_bar / x)
sqrt    = Unary("sqrt",    np.sqrt,         lambda y_bar, y, x: y_bar / (2 * y))
sin     = Unary("sin",     np.sin,          lambda y_bar, y, x: y_bar * np.cos(x))
cos     = Unary("cos",     np.cos,          lambda y_bar, y, x: -y_bar * np.sin(x))
tanh    = Unary("tanh",    np.tanh,         lambda y_bar, y, x: y_bar * (1 - y * y),      derivative="tanh′")
sigmoid = Unary("sigmoid", kernels.sigmoid, lambda y_bar, y, x: y_bar * y * (1 - y),      symbol="σ", derivative="σ′")
relu    = Unary("relu",    kernels.relu,    lambda y_bar, y, x: y_bar * (x > 0),          derivative="relu′")
# fmt: on

# Every row is public. Assigned this way, for type checkers would take a computed __all__ for an empty one.
globals()["__all__"] = [name for name, value in globals().items() if isinstance(value, Unary)]
