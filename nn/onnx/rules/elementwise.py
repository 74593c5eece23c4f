"""Arithmetic, powers, exponentials, logarithms, trigonometric functions and extrema, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.table import Rules

__all__ = ["ELEMENTWISE", "log1p", "xlogy"]

ELEMENTWISE = Rules()


# ---------------------------------------------------------------- formulas that several rules share
def log1p(g: Graph, x: Any) -> Value:
    """log(1 + x), precise for small x: what the sum has lost is divided out."""
    u = g("Add", x, 1.0)
    ratio = g("Div", g("Mul", g("Log", u), x), g("Sub", u, 1.0))
    small, large = g("Equal", u, 1.0), g("Equal", u, math.inf)
    return g("Where", small, x, g("Where", large, u, ratio))


def expm1(g: Graph, x: Any) -> Value:
    """exp(x) − 1 = 2 sinh(x/2) exp(x/2), precise for small x; −1 where the sinh overflows."""
    half = g("Mul", x, 0.5)
    y = g("Mul", g("Mul", g("Sinh", half), g("Exp", half)), 2.0)
    return g("Where", g("Less", x, -20.0), g("Sub", g("Exp", x), 1.0), y)


def xlogy(g: Graph, x: Any, y: Any, log: Any = None) -> Value:
    """x log y, and 0 where x is 0 and y a number."""
    zero = g("And", g("Equal", x, 0.0), g("Not", g("IsNaN", y)))
    safe = g("Where", zero, g.constant(0.0 if log else 1.0, g.dtype), y)
    return g("Mul", x, log(g, safe) if log else g("Log", safe))


def remainder(g: Graph, x: Any, y: Any) -> Value:
    """x mod y with the sign of y, as Python has it."""
    r = g("Mod", x, y, fmod=1)
    differs = g("And", g("Not", g("Equal", r, 0.0)), g("Xor", g("Less", r, 0.0), g("Less", y, 0.0)))
    return g("Where", differs, g("Add", r, y), r)


def signbit(g: Graph, x: Any) -> Value:
    """Whether x is negative, or −0."""
    return g("Or", g("Less", x, 0.0), g("Less", g("Reciprocal", x), 0.0))


def _logaddexp(g: Graph, x: Any, y: Any, exp: Any, log: Any) -> Value:
    """log(exp x + exp y), from the larger one on; equal ones, also infinite, add log 2."""
    larger, difference = g("Max", x, y), g("Abs", g("Sub", x, y))
    sum_ = g("Add", larger, log(log1p(g, exp(g("Neg", difference)))))
    equal = g("Equal", x, y)
    return g("Where", equal, g("Add", x, log(g.constant(math.log(2), g.dtype))), sum_)


def _hypot(g: Graph, x: Any, y: Any) -> Value:
    """√(x² + y²), without overflow; infinite if one of them is, even beside a NaN."""
    x, y = g("Abs", x), g("Abs", y)
    larger, smaller = g("Max", x, y), g("Min", x, y)
    ratio = g("Div", smaller, larger)
    length = g("Mul", larger, g("Sqrt", g("Add", g("Mul", ratio, ratio), 1.0)))
    infinite = g("Or", g("IsInf", x), g("IsInf", y))
    limit = g.constant(math.inf, g.dtype)
    return g("Where", infinite, limit, g("Where", g("Equal", larger, 0.0), larger, length))


def _arctan2(g: Graph, y: Any, x: Any) -> Value:
    """The angle of (x, y): the arctangent of the smaller coordinate by the larger, turned into the right eighth."""
    width, height = g("Abs", x), g("Abs", y)
    larger = g("Max", width, height)
    same = g("Where", g("Equal", larger, 0.0), 0.0, g.constant(1.0, g.dtype))
    ratio = g("Where", g("Equal", width, height), same, g("Div", g("Min", width, height), larger))
    angle = g("Atan", ratio)
    angle = g("Where", g("Greater", height, width), g("Sub", math.pi / 2, angle), angle)
    angle = g("Where", signbit(g, x), g("Sub", math.pi, angle), angle)
    return g("Where", signbit(g, y), g("Neg", angle), angle)


def _floor_divide(g: Graph, x: Any, y: Any) -> Value:
    """The quotient without its remainder, a whole number but for rounding; a quotient by 0 is what it is."""
    whole = g("Round", g("Div", g("Sub", x, remainder(g, x, y)), y))
    return g("Where", g("Equal", y, 0.0), g("Div", x, y), whole)


def _cbrt(g: Graph, x: Any) -> Value:
    return g("Mul", g("Sign", x), g("Pow", g("Abs", x), 1 / 3))


def _sinc(g: Graph, x: Any, order: int) -> Value:
    if order:
        raise Refused("its derivatives have no operator in ONNX")
    angle = g("Mul", x, math.pi)
    return g("Where", g("Equal", x, 0.0), 1.0, g("Div", g("Sin", angle), angle))


def _nan_to_num(g: Graph, x: Any, nan: Any, posinf: Any, neginf: Any) -> Value:
    largest = float(np.finfo(g.dtype).max)
    y = g("Where", g("IsNaN", x), nan, x)
    y = g("Where", g("Equal", x, math.inf), largest if posinf is None else posinf, y)
    return g("Where", g("Equal", x, -math.inf), -largest if neginf is None else neginf, y)


def _without_nan(op: str) -> Any:
    """The larger or smaller one, and of a NaN and a number the number."""

    def rule(g: Graph, x: Any, y: Any) -> Value:
        either = g("Where", g("IsNaN", y), x, g(op, x, y))
        return g("Where", g("IsNaN", x), y, either)

    return rule


def _times(op: str, factor: float) -> Any:
    """A function of ONNX times a number: another base of a logarithm."""
    return lambda g, x: g("Mul", g(op, x) if op else x, factor)


# fmt: off
ELEMENTWISE.rows({
    "negative":     lambda g, x: g("Neg", x),
    "abs":          lambda g, x: g("Abs", x),
    "modulus":      lambda g, x: g("Abs", x),
    "real":         lambda g, x: g("Identity", x),
    "conj":         lambda g, x: g("Identity", x),
    "imag":         lambda g, x: g("Where", g.constant(True), 0.0, x),
    "sign":         lambda g, x: g("Sign", x),
    "add":          lambda g, x, y: g("Add", x, y),
    "subtract":     lambda g, x, y: g("Sub", x, y),
    "multiply":     lambda g, x, y: g("Mul", x, y),
    "divide":       lambda g, x, y: g("Div", x, y),
    "floor_divide": _floor_divide,
    "remainder":    remainder,
    "fmod":         lambda g, x, y: g("Mod", x, y, fmod=1),
    "copysign":     lambda g, x, y: g("Where", signbit(g, y), g("Neg", g("Abs", x)), g("Abs", x)),
    "heaviside":    lambda g, x, y: g("Where", g("Equal", x, 0.0), y,
                                      g("Where", g("IsNaN", x), x, g.cast(g("Greater", x, 0.0), g.dtype))),
    "modf":         lambda g, x: g("Mod", x, 1.0, fmod=1),
    "quotient":     lambda g, x, y: g("Where", g("Equal", y, 0.0), 0.0, g("Div", x, y)),

    "square":       lambda g, x: g("Mul", x, x),
    "sqrt":         lambda g, x: g("Sqrt", x),
    "cbrt":         _cbrt,
    "reciprocal":   lambda g, x: g("Reciprocal", x),
    "power":        lambda g, x, y: g("Pow", x, y),
    "positive_power": lambda g, x, exponent: g("Pow", x, float(exponent)),

    "exp":          lambda g, x: g("Exp", x),
    "exp2":         lambda g, x: g("Pow", g.constant(2.0, g.dtype), x),
    "expm1":        expm1,
    "log":          lambda g, x: g("Log", x),
    "log2":         _times("Log", 1 / math.log(2)),
    "log10":        _times("Log", 1 / math.log(10)),
    "log1p":        log1p,
    "logaddexp":    lambda g, x, y: _logaddexp(g, x, y, lambda v: g("Exp", v), lambda v: v),
    "logaddexp2":   lambda g, x, y: _logaddexp(g, x, y, lambda v: g("Exp", g("Mul", v, math.log(2))),
                                               lambda v: g("Mul", v, 1 / math.log(2))),
    "ldexp":        lambda g, x, n: g("Mul", x, g("Pow", g.constant(2.0, g.dtype), n)),

    "sin":          lambda g, x: g("Sin", x),
    "cos":          lambda g, x: g("Cos", x),
    "tan":          lambda g, x: g("Tan", x),
    "arcsin":       lambda g, x: g("Asin", x),
    "arccos":       lambda g, x: g("Acos", x),
    "arctan":       lambda g, x: g("Atan", x),
    "sinh":         lambda g, x: g("Sinh", x),
    "cosh":         lambda g, x: g("Cosh", x),
    "tanh":         lambda g, x: g("Tanh", x),
    "arcsinh":      lambda g, x: g("Asinh", x),
    "arccosh":      lambda g, x: g("Acosh", x),
    "arctanh":      lambda g, x: g("Atanh", x),
    "deg2rad":      _times("", math.pi / 180),
    "rad2deg":      _times("", 180 / math.pi),
    "arctan2":      _arctan2,
    "hypot":        _hypot,
    "sinc":         _sinc,

    "maximum":      lambda g, x, y: g("Max", x, y),
    "minimum":      lambda g, x, y: g("Min", x, y),
    "fmax":         _without_nan("Max"),
    "fmin":         _without_nan("Min"),
    "at_least":     lambda g, x, low: g("Max", x, low),
    "at_most":      lambda g, x, high: g("Min", x, high),
    "nan_to_num":   _nan_to_num,

    "erf":          lambda g, x: g("Erf", x),
    "erfc":         lambda g, x: g("Sub", 1.0, g("Erf", x)),
    "ndtr":         lambda g, x: g("Mul", g("Add", g("Erf", g("Mul", x, math.sqrt(0.5))), 1.0), 0.5),
    "xlogy":        xlogy,
    "xlog1py":      lambda g, x, y: xlogy(g, x, y, log1p),
    "entr":         lambda g, x: g("Where", g("Less", x, 0.0), -math.inf, g("Neg", xlogy(g, x, x))),
    "logit":        lambda g, x: g("Sub", g("Log", x), log1p(g, g("Neg", x))),
})
# fmt: on


@ELEMENTWISE.of("rel_entr")
def _rel_entr(g: Graph, x: Any, y: Any) -> Value:
    """x log(x / y) where both are positive, 0 where x is 0 and y not negative, else infinite, or NaN of NaN."""
    both = g("And", g("Greater", x, 0.0), g("Greater", y, 0.0))
    zero = g("And", g("Equal", x, 0.0), g("GreaterOrEqual", y, 0.0))
    unknown = g("Or", g("IsNaN", x), g("IsNaN", y))
    otherwise = g("Where", unknown, g.constant(math.nan, g.dtype), g.constant(math.inf, g.dtype))
    term = g("Mul", x, g("Sub", g("Log", x), g("Log", y)))
    return g("Where", both, term, g("Where", zero, 0.0, otherwise))
