"""Activations."""

from __future__ import annotations

from typing import Any

from nn.onnx.graph import Graph, Value
from nn.onnx.rules.elementwise import expm1
from nn.onnx.table import Rules

__all__ = ["ACTIVATIONS"]

ACTIVATIONS = Rules()


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float)


@ACTIVATIONS.of("leaky_relu")
def _leaky_relu(g: Graph, x: Any, slope: Any) -> Value:
    if _is_number(slope):
        return g("LeakyRelu", x, alpha=float(slope))
    return g("Where", g("Less", x, 0.0), g("Mul", slope, x), x)


@ACTIVATIONS.of("elu")
def _elu(g: Graph, x: Any, alpha: Any) -> Value:
    if _is_number(alpha):
        return g("Elu", x, alpha=float(alpha))
    return g("Where", g("Greater", x, 0.0), x, g("Mul", alpha, expm1(g, x)))


@ACTIVATIONS.of("hard_tanh")
def _hard_tanh(g: Graph, x: Any, low: Any, high: Any) -> Value:
    if _is_number(low) and _is_number(high):
        return g("Clip", x, low, high)
    return g("Min", g("Max", x, low), high)


ACTIVATIONS.rows(
    {
        "relu": lambda g, x: g("Relu", x),
        "relu6": lambda g, x: g("Clip", x, 0.0, 6.0),
        "sigmoid": lambda g, x: g("Sigmoid", x),
        "log_sigmoid": lambda g, x: g("Neg", g("Softplus", g("Neg", x))),
        "softplus": lambda g, x: g("Softplus", x),
    }
)
