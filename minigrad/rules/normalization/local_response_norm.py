"""Local response normalization: each value divided by a power of the mean square of the channels around it.

The windows of channels are summed by a linear operation, whose rule sums the windows that a channel lies in.
"""

from __future__ import annotations

from minigrad.axis_map import Axes, AxisMap, Window
from minigrad.core.graph import Operation
from minigrad.core.primitive import Primitive
from minigrad.kernels.normalization import local_response_norm as kernels
from minigrad.rules.convert_arguments import refuse_gradient
from minigrad.rules.normalization.arguments import as_floating, is_recorded
from minigrad.typing import Array

__all__ = ["local_response_norm"]


def _input_rule(
    y_bar: Array, y: Array, x: Array, size: int, alpha: float, beta: float, k: float, denominator: Array
) -> Array:
    """x̄ = ȳ / dᵝ − 2αβ/n x Σ (ȳ y / d), where x stands in the windows of several channels."""
    if not is_recorded(y_bar, x):
        return kernels.input_gradient(y_bar, y, x, size=size, alpha=alpha, beta=beta, denominator=denominator)
    before, after = kernels.window(size)
    d = _damping(x, alpha=alpha / size, k=k, before=before, after=after)
    sums = _channel_sums(y_bar * y / d, before=after, after=before)
    return y_bar / d**beta - 2 * alpha * beta / size * x * sums


def _axes(operation: Operation, i: int, axis: int) -> AxisMap:
    """A window of channels; the other axes stay."""
    params = operation.params
    before, after = kernels.window(params["size"]) if "size" in params else (params["before"], params["after"])
    channels = axis == 1 - operation.output.ndim
    return AxisMap(axis, Window(before + 1 + after, padding=before) if channels else None)


_local_response_norm: Primitive = Primitive(
    "local_response_norm", kernels.local_response_norm, _input_rule, saves=("denominator",), axes=Axes(_axes)
)
_damping: Primitive = Primitive(
    "damping",
    kernels.damping,
    lambda d_bar, d, x, alpha, k, before, after: 2 * alpha * x * _channel_sums(d_bar, before=after, after=before),
    symbol="d",
    axes=Axes(_axes),
)
_channel_sums: Primitive = Primitive(
    "channel_sums",
    kernels.channel_sums,
    lambda y_bar, y, x, before, after: _channel_sums(y_bar, before=after, after=before),
    linear=True,
    symbol="local_sum",
    axes=Axes(_axes),
)


def local_response_norm(x: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Array:
    """Local response normalization y = x / (k + α/n Σ x²)ᵝ, with the sum over n = `size` channels around each.

    A strong response damps those of the neighbouring channels at the same position. AlexNet's paper has no division
    by n: its α = 1e-4 with n = 5 is alpha=5e-4 here, and its k is 2.

    Arguments:
        x: shape ``(N, C, *size)`` with at least one axis of positions.
        size: the number of channels in a window, ⌊n/2⌋ of them before its own.
        alpha, beta, k: α, β and k.

    Returns:
        The shape of `x`.

    Raises:
        ValueError: if `x` has fewer axes, or `size` is not a whole number ≥ 1.
        TypeError: for complex numbers, or if α, β or k require gradients.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
    section 3.3.

    >>> import minigrad as mg
    >>> mg.local_response_norm(mg.Tensor([[[2.0], [0.0], [1.0]]]), 2, alpha=2.0, beta=1.0)
    Tensor([[[0.4],
             [0. ],
             [0.5]]])
    """
    x = as_floating("local_response_norm", x)
    if x.ndim < 3:
        raise ValueError(
            f"local_response_norm: expected shape (N, C, *size) with at least one axis of positions, got {x.shape}"
        )
    if isinstance(size, bool) or not hasattr(size, "__index__") or size < 1:
        raise ValueError(f"local_response_norm: size={size!r}, expected the number of channels in a window, ≥ 1")
    for key, number in {"alpha": alpha, "beta": beta, "k": k}.items():
        refuse_gradient("local_response_norm", key, number)
    return _local_response_norm(x, size=int(size), alpha=float(alpha), beta=float(beta), k=float(k))
