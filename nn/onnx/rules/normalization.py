"""Normalization by statistics of the sample, by running values, and by neighbouring channels."""

from __future__ import annotations

from typing import Any

from nn.onnx.graph import Graph, Value
from nn.onnx.rules.manipulation import sliced
from nn.onnx.rules.reductions import reduced
from nn.onnx.sizes import fixed
from nn.onnx.table import Rules

__all__ = ["NORMALIZATION"]

NORMALIZATION = Rules()


@NORMALIZATION.of("affine")
def _affine(g: Graph, x: Value, mean: Value, scale: Value, shift: Any = None) -> Value:
    """(x − μ) γ/σ + β."""
    y = g("Mul", g("Sub", x, mean), scale)
    return y if shift is None else g("Add", y, shift)


def _centered_and_spread(g: Graph, x: Value, axis: Any, eps: float, centered: bool) -> tuple[Value, Value]:
    """x − μ, or x itself, and σ = √(mean of squares + ε)."""
    axes = [int(a) for a in axis]
    deviation = g("Sub", x, reduced(g, "ReduceMean", x, axes, True)) if centered else x
    variance = reduced(g, "ReduceMean", g("Mul", deviation, deviation), axes, True)
    return deviation, g("Sqrt", g("Add", variance, float(eps)))


@NORMALIZATION.of("standardize")
def _standardize(
    g: Graph, x: Value, weight: Any = None, bias: Any = None, *, axis: Any, eps: float, centered: bool
) -> Value:
    """γ (x − μ)/σ + β."""
    y = g("Div", *_centered_and_spread(g, x, axis, eps, centered))
    y = y if weight is None else g("Mul", y, weight)
    return y if bias is None else g("Add", y, bias)


@NORMALIZATION.of("spread")
def _spread(g: Graph, x: Value, axis: Any, eps: float, centered: bool) -> Value:
    return _centered_and_spread(g, x, axis, eps, centered)[1]


def _channel_sums(g: Graph, x: Value, before: int, after: int) -> Value:
    """The sum of each channel, of those before it and those after it."""
    (channels,) = fixed(x.sizes[1:2])
    widths = [0] * (2 * x.ndim)
    before, after = min(before, channels - 1), min(after, channels - 1)
    widths[1], widths[x.ndim + 1] = before, after
    padded = g("Pad", x, widths)
    return g("Sum", *(sliced(g, padded, 1, i, i + channels) for i in range(before + after + 1)))


NORMALIZATION.rows({"channel_sums": _channel_sums})


@NORMALIZATION.of("local_response_norm")
def _local_response_norm(g: Graph, x: Value, size: int, alpha: float, beta: float, k: float) -> Value:
    """ONNX's own where the window reaches as far to both sides, else the sums written out."""
    if size % 2 and x.ndim == 4:
        return g("LRN", x, size=int(size), alpha=float(alpha), beta=float(beta), bias=float(k))
    sums = _channel_sums(g, g_squares(g, x), int(size) // 2, (int(size) - 1) // 2)
    denominator = g("Add", g("Mul", sums, float(alpha) / size), float(k))
    return g("Div", x, g("Pow", denominator, float(beta)))


def g_squares(g: Graph, x: Value) -> Value:
    """x², which has the shape of x."""
    return Value(g("Mul", x, x).name, x.dtype, x.shape)
