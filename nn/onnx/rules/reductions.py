"""Sums, means, extrema, norms, softmax and running sums."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.onnx.graph import Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.rules.manipulation import axes_of
from nn.onnx.table import Rules

__all__ = ["REDUCTIONS", "reduced", "softmax"]

REDUCTIONS = Rules()


def reduced(g: Graph, op: str, x: Value, axes: list[int], keepdims: Any) -> Value:
    """A reduction over some axes; over none, each element by itself."""
    return g(op, x, axes, keepdims=int(bool(keepdims)), noop_with_empty_axes=1)


def _reduction(op: str) -> Any:
    return lambda g, x, axis, keepdims: reduced(g, op, x, axes_of(axis, x.ndim), keepdims)


REDUCTIONS.rows(
    {
        "sum": _reduction("ReduceSum"),
        "mean": _reduction("ReduceMean"),
        "max": _reduction("ReduceMax"),
        "min": _reduction("ReduceMin"),
        "prod": _reduction("ReduceProd"),
        "cumsum": lambda g, x, axis: g("CumSum", x, g.constant(np.int64(axis))),
    }
)


@REDUCTIONS.of("logsumexp")
def _logsumexp(g: Graph, x: Value, axis: Any, keepdims: Any) -> Value:
    """From the largest on, which is itself the result where it is infinite."""
    axes = axes_of(axis, x.ndim)
    largest = reduced(g, "ReduceMax", x, axes, True)
    infinite = g("IsInf", largest)
    shift = g("Where", infinite, 0.0, largest)
    y = g("Add", g("Log", reduced(g, "ReduceSum", g("Exp", g("Sub", x, shift)), axes, True)), shift)
    return y if keepdims or not axes else g("Squeeze", y, axes)


def softmax(g: Graph, op: str, x: Value, axis: Any) -> Value:
    """``Softmax`` or ``LogSoftmax`` over one axis or several."""
    axes = axes_of(axis, x.ndim)
    if len(axes) == 1:
        return g(op, x, axis=axes[0])
    shifted = g("Sub", x, reduced(g, "ReduceMax", x, axes, True))
    if op == "LogSoftmax":
        return g("Sub", shifted, g("Log", reduced(g, "ReduceSum", g("Exp", shifted), axes, True)))
    exponentials = g("Exp", shifted)
    return g("Div", exponentials, reduced(g, "ReduceSum", exponentials, axes, True))


REDUCTIONS.rows(
    {
        "softmax": lambda g, x, axis: softmax(g, "Softmax", x, axis),
        "log_softmax": lambda g, x, axis: softmax(g, "LogSoftmax", x, axis),
    }
)


def _variance(g: Graph, x: Value, axis: Any, ddof: Any, keepdims: Any) -> Value:
    axes = axes_of(axis, x.ndim)
    deviation = g("Sub", x, reduced(g, "ReduceMean", x, axes, True))
    total = reduced(g, "ReduceSum", g("Mul", deviation, deviation), axes, keepdims)
    count = g.count(x, axes)
    if isinstance(count, Value):
        return g("Div", total, g("Max", g("Sub", count, float(ddof)), 0.0))
    return g("Div", total, float(max(count - ddof, 0)))


REDUCTIONS.rows({"var": _variance, "std": lambda g, x, **how: g("Sqrt", _variance(g, x, **how))})


@REDUCTIONS.of("norm")
def _norm(g: Graph, x: Value, ord: Any, axis: Any, keepdims: Any) -> Value:
    axes = axes_of(axis, x.ndim)
    if ord in (1, 2):
        return reduced(g, f"ReduceL{int(ord)}", x, axes, keepdims)
    magnitude = g("Abs", x)
    if ord in (math.inf, -math.inf):
        return reduced(g, "ReduceMax" if ord > 0 else "ReduceMin", magnitude, axes, keepdims)
    if not isinstance(ord, int | float):
        raise Refused(f"ONNX has no norm of ord={ord!r}")
    if ord == 0:  # how many are not 0
        return reduced(g, "ReduceSum", g.cast(g("Not", g("Equal", x, 0.0)), g.dtype), axes, keepdims)
    powers = reduced(g, "ReduceSum", g("Pow", magnitude, float(ord)), axes, keepdims)
    return g("Pow", powers, 1 / ord)
