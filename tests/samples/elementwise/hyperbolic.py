"""Samples of hyperbolic functions and their inverses."""

from __future__ import annotations

from tests.samples.registry import above_one, anywhere, unary, unit

unary("sinh", anywhere)
unary("cosh", anywhere)
unary("tanh", anywhere)
unary("arcsinh", anywhere)
unary("arccosh", above_one)
unary("arctanh", unit)
