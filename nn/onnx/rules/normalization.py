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


def _centered_and_spread(g: Graph, x: Value, axes: list[int], eps: float, centered: bool) -> tuple[Value, Value]:
    """x − μ, or x itself, and σ = √(mean of squares + ε)."""
    deviation = g("Sub", x, reduced(g, "ReduceMean", x, axes, True)) if centered else x
    variance = reduced(g, "ReduceMean", g("Mul", deviation, deviation), axes, True)
    return deviation, g("Sqrt", g("Add", variance, float(eps)))


def _in_groups(g: Graph, x: Value, axis: Any, groups: int) -> tuple[Value, list[int]]:
    """x with several groups of channels as an axis, and the axes of the mean then."""
    axes = [int(a) for a in axis]
    if groups == 1:
        return x, axes
    (channels,) = fixed(x.sizes[1:2])
    shape = (x.sizes[0], int(groups), channels // int(groups), *x.sizes[2:])
    return g.reshaped(x, shape), [a + 1 for a in axes]


def _of_elements(g: Graph, statistic: Value, in_groups: Value, x: Value) -> Value:
    """The number of each group in the place of each element of x."""
    return g.reshaped(g("Expand", statistic, g.size_list(in_groups.sizes)), x.sizes)


@NORMALIZATION.of("standardize")
def _standardize(
    g: Graph, x: Value, weight: Any = None, bias: Any = None, *, axis: Any, eps: float, centered: bool, groups: int = 1
) -> Value:
    """γ (x − μ)/σ + β."""
    in_groups, axes = _in_groups(g, x, axis, groups)
    y = g("Div", *_centered_and_spread(g, in_groups, axes, eps, centered))
    y = y if groups == 1 else g.reshaped(y, x.sizes)
    y = y if weight is None else g("Mul", y, weight)
    return y if bias is None else g("Add", y, bias)


@NORMALIZATION.of("spread")
def _spread(g: Graph, x: Value, axis: Any, eps: float, centered: bool, groups: int = 1) -> Value:
    in_groups, axes = _in_groups(g, x, axis, groups)
    _, sigma = _centered_and_spread(g, in_groups, axes, eps, centered)
    return sigma if groups == 1 else _of_elements(g, sigma, in_groups, x)


@NORMALIZATION.of("group_mean")
def _group_mean(g: Graph, x: Value, groups: int) -> Value:
    in_groups, axes = _in_groups(g, x, range(1, x.ndim), groups)
    return _of_elements(g, reduced(g, "ReduceMean", in_groups, axes, True), in_groups, x)


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
