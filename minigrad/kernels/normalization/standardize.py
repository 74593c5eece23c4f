"""Standardized values x̂ = (x − μ)/σ with a weight and a bias: y = γ x̂ + β, and the error signals.

Arrays in single or double precision that are laid out as layers have them are computed in blocks that stay in the
cache: by `channels` where the mean is taken over samples and positions, by `rows` where it is taken over the last axes.
For all others, and on a GPU, the formula is computed as it stands: half precision in single precision, whose sums do
not exceed 65504. It takes less time for small arrays, too, which are computed in double precision.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.complex import require_real
from minigrad.kernels.normalization import channels, rows
from minigrad.kernels.normalization.groups import in_groups, of_elements
from minigrad.recorder import recordable
from minigrad.typing import Array

__all__ = ["affine", "spread", "standardize", "standardize_grads"]

Axes = tuple[int, ...]

_SMALL = 1 << 13  # elements: for arrays up to this size, the formula takes less time than preparing blocks


def standardize(
    x: Array, weight: Array = None, bias: Array = None, *, axis: Axes, eps: float, centered: bool, groups: int = 1
) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance over `axis`, with these axes at length 1.

    Several `groups` divide the channels, axis 1 of x and the first one of γ and β; `axis` are all axes but the first.
    Each has its own mean and variance, shape (N, G, 1, 1, …).

    The mean is subtracted before squaring, so that no digits are lost where the numbers are large and close together.
    Where it is not `centered`, the mean is 0, and the variance is the mean of the squares.

    Raises:
        TypeError: for complex numbers.
    """
    if groups > 1:
        of_groups = _in_groups(groups, x, weight, bias)
        y, mean, variance = standardize(*of_groups, axis=_inside(axis), eps=eps, centered=centered)
        return y.reshape(x.shape), mean, variance
    layout = _layout(x, weight, bias, axis, centered)
    if layout is not None:
        y, mean, variance = layout.standardize(x, weight, bias, axis=axis, eps=eps, centered=centered)
        if variance.max() < math.inf:  # false for NaN, too
            return y, mean, variance
    given = [a for a in (x, weight, bias) if a is not None]
    for array in given:
        require_real(array)
    dtype = np.result_type(*given, np.float16)  # of whole numbers float64
    x = x.astype(np.float64) if layout else _wide(x)  # squares may be beyond the range of single precision
    mean = _mean(x, axis) if centered else np.zeros_like(x, shape=_reduced(x.shape, axis))
    y = x - mean
    variance = _mean(y * y, axis)
    y /= np.sqrt(variance + eps)
    if weight is not None:
        y = y * weight
    if bias is not None:
        y = y + bias
    return y.astype(dtype, copy=False), mean, variance


@recordable
def standardize_grads(
    y_bar: Array,
    x: Array,
    weight: Array,
    bias: Array,
    *,
    axis: Axes,
    eps: float,
    centered: bool,
    groups: int = 1,
    **statistics: Array,
) -> Any:
    """The error signals of x, γ and β, ``None`` where there is no γ or β; `statistics` are mean and variance."""
    if groups > 1:
        of_groups = (in_groups(y_bar, groups), *_in_groups(groups, x, weight, bias))
        bars = standardize_grads(*of_groups, axis=_inside(axis), eps=eps, centered=centered, **statistics)
        return tuple(
            None if a is None else bar.reshape(a.shape) for a, bar in zip((x, weight, bias), bars, strict=True)
        )
    layout = _layout(x, weight, bias, axis, centered) if y_bar.dtype == x.dtype else None
    if layout is not None:
        return layout.gradients(y_bar, x, weight, bias, axis=axis, eps=eps, centered=centered, **statistics)
    mean, variance = statistics["mean"], statistics["variance"]
    x_bar_dtype, y_bar = x.dtype, _wide(y_bar)
    sigma = np.sqrt(variance + eps)
    x_hat = (_wide(x) - mean) / sigma
    g = y_bar if weight is None else y_bar * weight
    x_bar = g - x_hat * _mean(g * x_hat, axis)
    if centered:
        x_bar -= _mean(g, axis)
    x_bar /= sigma
    weight_bar = None if weight is None else _summed(y_bar * x_hat, weight)
    return x_bar.astype(x_bar_dtype, copy=False), weight_bar, None if bias is None else _summed(y_bar, bias)


def affine(x: Array, mean: Array, scale: Array, bias: Array = None) -> Array:
    """(x − mean) scale + bias; the mean is subtracted first, so that no digits are lost where it is large."""
    given = [a for a in (mean, scale, bias) if a is not None]
    if _are_for_blocks(x, *given) and all(channels.is_per_channel(a, x) for a in given):
        return channels.affine(x, mean, scale, bias)
    y = (x - mean) * scale
    return y if bias is None else y + bias


def spread(x: Array, *, axis: Axes, eps: float, centered: bool, groups: int = 1) -> Array:
    """σ = √(Var(x) + ε), with these axes at length 1; of several groups in the place of each element."""
    _, _, variance = standardize(x, axis=axis, eps=eps, centered=centered, groups=groups)
    sigma = np.sqrt(variance + eps).astype(np.result_type(x, np.float16), copy=False)
    return of_elements(sigma, x) if groups > 1 else sigma


def _in_groups(groups: int, x: Array, weight: Array, bias: Array) -> list[Array]:
    """With groups of channels as an axis."""
    return [in_groups(x, groups), *(None if a is None else in_groups(a, groups, axis=0) for a in (weight, bias))]


def _inside(axis: Axes) -> Axes:
    """The axes of a group, where groups are an axis."""
    return tuple(a + 1 for a in axis)


def _layout(x: Array, weight: Array, bias: Array, axis: Axes, centered: bool) -> Any:
    """The module with the kernels that take these arrays; ``None`` if there is none."""
    parameters = [a for a in (weight, bias) if a is not None]
    if not _are_for_blocks(x, *parameters) or any(a.shape != parameters[0].shape for a in parameters[1:]):
        return None
    return next((layout for layout in (channels, rows) if layout.fits(x, weight, axis, centered)), None)


def _are_for_blocks(x: Array, *others: Array) -> bool:
    """Whether x is large, and all are NumPy arrays of the same single or double precision."""
    return (
        (x.dtype == np.float32 or x.dtype == np.float64)
        and x.size > _SMALL
        and device_of(x) == "cpu"
        and all(a.dtype == x.dtype for a in others)
    )


def _reduced(shape: tuple[int, ...], axis: Axes) -> tuple[int, ...]:
    """The shape with these axes at length 1."""
    along = {a % len(shape) for a in axis}
    return tuple(1 if i in along else n for i, n in enumerate(shape))


def _summed(signal: Array, like: Array) -> Array:
    """The sum over the axes along which broadcasting stretched an array of this shape."""
    extra = signal.ndim - like.ndim
    axes = tuple(i for i in range(signal.ndim) if i < extra or like.shape[i - extra] != signal.shape[i])
    return signal.sum(axis=axes).reshape(like.shape).astype(like.dtype, copy=False)


def _mean(x: Array, axis: Axes) -> Array:
    """The mean along these axes, which stay with length 1; 0 where there is nothing."""
    total = x.sum(axis=axis, keepdims=True)
    return total / (x.size // (total.size or 1) or 1)


def _wide(x: Array) -> Array:
    """In double precision, or, if there are many elements, at least in single precision."""
    if x.size <= _SMALL:
        return x.astype(np.result_type(x, np.float64), copy=False)
    return x.astype(np.float32) if x.dtype == np.float16 else x
