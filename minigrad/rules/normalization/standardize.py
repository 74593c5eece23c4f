"""Standardization: values with mean 0 and variance 1, y = γ x̂ + β with x̂ = (x − μ)/σ, σ = √(Var(x) + ε).

Every normalization is this operation along its own axes. The error signal of x̂ reaches x along three paths, directly
and through the mean and the variance; together they remove from it its mean and its component along x̂, so that a step
along x̄ changes neither the mean nor the variance of x. Where it is not `centered`, there is no mean, μ = 0 and
σ = √(mean(x²) + ε).

Source: Ioffe, Szegedy, "Batch normalization", 2015, section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.axis_map import Axes, AxisMap, broadcast
from minigrad.core.graph import Operation
from minigrad.core.primitive import Primitive
from minigrad.core.recording.scopes import records_arrays
from minigrad.core.tensor import Tensor, new_output
from minigrad.kernels.normalization import standardize as kernels
from minigrad.recorder import recorder_of
from minigrad.rules.axes import count_per_output
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.normalization.arguments import is_recorded
from minigrad.rules.sharing_primitive import SharingPrimitive
from minigrad.typing import Array

__all__ = ["standardize", "standardize_with_statistics"]


def _input_rule(
    y_bar: Array, y: Array, x: Array, weight: Array = None, bias: Array = None, *, shared: dict[str, Any], **params: Any
) -> Array:
    """x̄ = (γ ȳ − mean(γ ȳ) − x̂ mean(γ ȳ x̂)) / σ; γ stands before the bracket where it is one number for a mean."""
    if not is_recorded(y_bar, x, weight):
        return _signals(shared, y_bar, x, weight, bias, params)[0]
    along = _standardize.keywords(params)
    x_hat, sigma = _standardize(x, **along), _spread(x, **along)

    def mean(v: Array) -> Array:
        return np.mean(v, axis=params["axis"], keepdims=True)

    def without_component(v: Array) -> Array:
        return (v - mean(v) if params["centered"] else v) - x_hat * mean(v * x_hat)

    if weight is None or not _is_constant_along(params["axis"], weight, x):
        return without_component(y_bar if weight is None else y_bar * weight) / sigma
    return weight / sigma * without_component(y_bar)


def _is_constant_along(axis: tuple[int, ...], weight: Array, x: Array) -> bool:
    """Whether one weight stands for all elements of each mean."""
    shape = (1,) * (x.ndim - weight.ndim) + weight.shape
    return all(shape[i] == 1 for i in axis)


def _signals(shared: dict[str, Any], y_bar: Array, x: Array, weight: Array, bias: Array, params: dict[str, Any]) -> Any:
    """x̄, γ̄ and β̄, which are computed together: they need the same sums, and to read memory takes longest."""
    if shared.get("y_bar") is not y_bar:
        shared.update(y_bar=y_bar, signals=kernels.standardize_grads(y_bar, x, weight, bias, **params))
    return shared["signals"]


def _weight_rule(
    y_bar: Array, y: Array, x: Array, weight: Array, bias: Array = None, *, shared: dict[str, Any], **params: Any
) -> Array:
    """γ̄ = ȳ x̂, summed where γ was stretched."""
    if is_recorded(y_bar, x):
        return y_bar * _standardize(x, **_standardize.keywords(params))
    return _signals(shared, y_bar, x, weight, bias, params)[1]


def _bias_rule(
    y_bar: Array, y: Array, x: Array, weight: Array, bias: Array, *, shared: dict[str, Any], **params: Any
) -> Array:
    """β̄ = ȳ, summed where β was stretched."""
    return y_bar if is_recorded(y_bar, x) else _signals(shared, y_bar, x, weight, bias, params)[2]


def _axes(operation: Operation, i: int, axis: int) -> AxisMap | None:
    """The mean and the variance see all elements along the axes of the statistics."""
    return along_axis.map(operation, i, axis) if i == 0 else broadcast(operation, i, axis)


_standardize: Primitive = SharingPrimitive(
    "standardize",
    kernels.standardize,
    _input_rule,
    _weight_rule,
    _bias_rule,
    saves=("mean", "variance"),
    axes=Axes(_axes),
)
_spread: Primitive = Primitive(
    "spread",
    kernels.spread,
    lambda s_bar, s, x, **along: s_bar * _standardize(x, **along) / max(count_per_output(x, s), 1),
    symbol="σ",
    axes=along_axis,
)


def standardize(
    x: Array, weight: Array, bias: Array, axis: tuple[int, ...], eps: float, centered: bool = True
) -> Array:
    """γ x̂ + β with the mean and the variance over `axis`; γ and β broadcast, and each may be ``None``."""
    along = {"axis": axis, "eps": eps, "centered": centered}
    if weight is None:
        y = _standardize(x, **along)
        return y if bias is None else y + bias
    return _standardize(x, weight, *(() if bias is None else (bias,)), **along)


def standardize_with_statistics(
    x: Array, weight: Array, bias: Array, axis: tuple[int, ...], eps: float
) -> tuple[Array, Array, Array]:
    """`standardize`, and the mean and the variance that it computed, with the axes at length 1."""
    args = tuple(a for a in (x, weight, None if weight is None else bias) if a is not None)
    values = tuple(a._data if isinstance(a, Tensor) else a for a in args)  # the arrays themselves, not views
    along = {"axis": axis, "eps": eps, "centered": True}
    recorder = recorder_of(*values)
    computed = (
        recorder.__record__(_standardize, args, along)
        if recorder is not None
        else _standardize.forward(*values, **along)
    )
    y, mean, variance = computed
    if any(isinstance(a, Tensor) for a in args) or records_arrays():
        needs_grad = any(isinstance(a, Tensor) and a.requires_grad for a in args)
        y = new_output(y, _standardize, args, values, {**along, "mean": mean, "variance": variance}, needs_grad)
    return (y + bias if weight is None and bias is not None else y), mean, variance
