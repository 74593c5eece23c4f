"""Standardized values x̂ = (x − μ)/σ with a weight and a bias: y = γ x̂ + β, and the error signals.

Half precision is computed in single precision, whose sums do not exceed 65504.
"""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.typing import Array

__all__ = ["affine", "gradients", "parameter_gradients", "spread", "standardize"]

Axes = tuple[int, ...]


def standardize(
    x: Array, weight: Array = None, bias: Array = None, *, axis: Axes, eps: float, centered: bool
) -> tuple[Array, Array, Array]:
    """γ x̂ + β, and the mean and the variance over `axis`, with these axes at length 1.

    The mean is subtracted before squaring, so that no digits are lost where the numbers are large and close together.
    Where it is not `centered`, the mean is 0, and the variance is the mean of the squares.

    Raises:
        TypeError: for complex numbers.
    """
    given = [a for a in (x, weight, bias) if a is not None]
    for array in given:
        require_real(array)
    dtype = np.result_type(*given, np.float16)  # of whole numbers float64
    x = _at_least_single(x)
    mean = _mean(x, axis) if centered else np.zeros_like(x, shape=_reduced(x.shape, axis))
    y = x - mean
    variance = _mean(y * y, axis)
    y /= np.sqrt(variance + y.dtype.type(eps))
    if weight is not None:
        y = y * _at_least_single(weight)
    if bias is not None:
        y = y + _at_least_single(bias)
    return y.astype(dtype, copy=False), mean, variance


def _reduced(shape: tuple[int, ...], axis: Axes) -> tuple[int, ...]:
    """The shape with these axes at length 1."""
    along = {a % len(shape) for a in axis}
    return tuple(1 if i in along else n for i, n in enumerate(shape))


def affine(x: Array, mean: Array, scale: Array, bias: Array = None) -> Array:
    """(x − mean) scale + bias; the mean is subtracted first, so that no digits are lost where it is large."""
    y = (x - mean) * scale
    return y if bias is None else y + bias


def spread(x: Array, *, axis: Axes, eps: float, centered: bool) -> Array:
    """σ = √(Var(x) + ε), with these axes at length 1."""
    require_real(x)
    _, _, variance = standardize(x, axis=axis, eps=eps, centered=centered)
    return np.sqrt(variance + variance.dtype.type(eps)).astype(np.result_type(x, np.float16), copy=False)


def gradients(
    y_bar: Array,
    x: Array,
    weight: Array,
    bias: Array,
    *,
    axis: Axes,
    eps: float,
    centered: bool,
    mean: Array,
    variance: Array,
) -> tuple[Array, Array, Array]:
    """The error signals of x, γ and β: ``None`` where there is no γ or β."""
    x_hat, sigma = _standardized(x, mean, variance, eps)
    y_bar = _at_least_single(y_bar)
    g = y_bar if weight is None else y_bar * _at_least_single(weight)
    x_bar = g - x_hat * _mean(g * x_hat, axis)
    if centered:
        x_bar -= _mean(g, axis)
    x_bar /= sigma
    return x_bar.astype(x.dtype, copy=False), *_parameter_gradients(y_bar, x_hat, weight, bias)


def parameter_gradients(
    y_bar: Array,
    x: Array,
    weight: Array,
    bias: Array,
    *,
    axis: Axes,  # noqa: ARG001  # the settings are those of `gradients`
    eps: float,
    centered: bool,  # noqa: ARG001
    mean: Array,
    variance: Array,
) -> tuple[Array, Array]:
    """The error signals of γ and β alone."""
    x_hat, _ = _standardized(x, mean, variance, eps)
    return _parameter_gradients(_at_least_single(y_bar), x_hat, weight, bias)


def _standardized(x: Array, mean: Array, variance: Array, eps: float) -> tuple[Array, Array]:
    sigma = np.sqrt(variance + variance.dtype.type(eps))
    return (_at_least_single(x) - mean) / sigma, sigma


def _parameter_gradients(y_bar: Array, x_hat: Array, weight: Array, bias: Array) -> tuple[Array, Array]:
    return (
        None if weight is None else _summed(y_bar * x_hat, weight),
        None if bias is None else _summed(y_bar, bias),
    )


def _summed(signal: Array, like: Array) -> Array:
    """The sum over the axes along which broadcasting stretched an array of this shape."""
    extra = signal.ndim - like.ndim
    axes = tuple(i for i in range(signal.ndim) if i < extra or like.shape[i - extra] < signal.shape[i])
    return signal.sum(axis=axes).reshape(like.shape).astype(like.dtype, copy=False)


def _mean(x: Array, axis: Axes) -> Array:
    """The mean along these axes, which stay with length 1; 0 where there is nothing."""
    total = x.sum(axis=axis, keepdims=True)
    return total / (x.size // (total.size or 1) or 1)


def _at_least_single(x: Array) -> Array:
    return x.astype(np.float32) if x.dtype == np.float16 else x
