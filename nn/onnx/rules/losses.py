"""Losses, for models that return one."""

from __future__ import annotations

from typing import Any

from nn.onnx.graph import Graph, Value
from nn.onnx.rules.elementwise import log1p, xlogy
from nn.onnx.rules.manipulation import axis_of
from nn.onnx.rules.reductions import reduced, softmax
from nn.onnx.table import Rules

__all__ = ["LOSSES"]

LOSSES = Rules()


@LOSSES.of("huber")
def _huber(g: Graph, x: Value, delta: float) -> Value:
    size = g("Abs", x)
    linear = g("Mul", g("Sub", size, delta / 2), float(delta))
    return g("Where", g("LessOrEqual", size, float(delta)), g("Mul", g("Mul", x, x), 0.5), linear)


@LOSSES.of("binary_cross_entropy_with_logits")
def _binary_cross_entropy_with_logits(g: Graph, z: Value, t: Value) -> Value:
    """log(1 + e^z) − t z."""
    return g("Sub", g("Softplus", z), g("Mul", t, z))


@LOSSES.of("binary_cross_entropy")
def _binary_cross_entropy(g: Graph, y: Value, t: Value) -> Value:
    """−t log y − (1 − t) log(1 − y), with logarithms of at least −100."""
    log = g("Max", g("Log", y), -100.0)
    log_of_other = g("Max", log1p(g, g("Neg", y)), -100.0)
    return g("Neg", g("Add", g("Mul", t, log), g("Mul", g("Sub", 1.0, t), log_of_other)))


def _expected(g: Graph, logarithms: Value, t: Value, axis: Any) -> Value:
    """−Σ t log p along an axis; where t is 0 nothing is added, even of −inf."""
    there = g("Where", g("Equal", t, 0.0), 0.0, logarithms)
    return g("Neg", reduced(g, "ReduceSum", g("Mul", there, t), [axis_of(axis, t.ndim)], False))


@LOSSES.of("softmax_cross_entropy")
def _softmax_cross_entropy(g: Graph, z: Value, t: Value, axis: Any, normalized: bool) -> Value:
    return _expected(g, softmax(g, "LogSoftmax", z, axis), t, axis)


LOSSES.rows(
    {
        "nll_loss": lambda g, y, t, axis: _expected(g, y, t, axis),
        "kl_div": lambda g, y, t: g("Sub", xlogy(g, t, t), g("Mul", t, y)),
        "mse_loss": lambda g, y, t: reduced(g, "ReduceMean", *_squares(g, y, t), False),
        "sum_squared_error": lambda g, y, t: g("Mul", reduced(g, "ReduceSum", *_squares(g, y, t), False), 0.5),
    }
)


def _squares(g: Graph, y: Value, t: Value) -> tuple[Value, list[int]]:
    difference = g("Sub", y, t)
    return g("Mul", difference, difference), list(range(y.ndim))
