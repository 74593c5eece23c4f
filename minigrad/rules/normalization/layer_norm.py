"""Layer normalization: each sample with mean 0 and variance 1 over its last axes; and with mean square 1 alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.rules.convert_arguments import as_integers
from minigrad.rules.normalization.arguments import as_floating, as_real, check_eps
from minigrad.rules.normalization.standardize import standardize
from minigrad.typing import Array

__all__ = ["layer_norm", "rms_norm"]


def layer_norm(
    x: Array, normalized_shape: int | tuple[int, ...], weight: Array = None, bias: Array = None, eps: float = 1e-5
) -> Array:
    """Layer normalization y = γ (x − μ)/σ + β, with σ = √(Var(x) + ε), over the last axes of each sample.

    The mean μ and the (biased) variance belong to one sample alone, so that training and evaluation, and batches of any
    size, give the same.

    Arguments:
        x: shape ``(…, *normalized_shape)``.
        normalized_shape: the lengths of the axes that the mean is taken over, the last ones; one number for one axis.
        weight, bias: γ and β, of shape `normalized_shape`; 1 and 0 if not given.
        eps: ε, which keeps σ from being 0.

    Returns:
        The shape of `x`.

    Raises:
        ValueError: if the shapes do not fit.
        TypeError: for complex numbers.

    Source: Ba, Kiros, Hinton, "Layer normalization", 2016.

    >>> import minigrad as mg
    >>> mg.layer_norm(mg.Tensor([[1.0, 3.0], [0.0, 20.0]]), 2, eps=0)
    Tensor([[-1.,  1.],
            [-1.,  1.]])
    """
    x, shape = _last_axes("layer_norm", x, normalized_shape)
    weight, bias = (_per_element("layer_norm", n, a, x, shape) for n, a in (("weight", weight), ("bias", bias)))
    return standardize(x, weight, bias, tuple(range(x.ndim - len(shape), x.ndim)), check_eps("layer_norm", eps))


def rms_norm(
    x: Array, normalized_shape: int | tuple[int, ...], weight: Array = None, eps: float | None = None
) -> Array:
    """Root mean square normalization y = γ x / √(mean(x²) + ε) over the last axes: `layer_norm` without the mean.

    Arguments:
        x, normalized_shape, weight: as for `layer_norm`.
        eps: ε; the rounding error of the dtype, ``np.finfo(x.dtype).eps``, if not given.

    Returns:
        The shape of `x`.

    Raises:
        ValueError, TypeError: as `layer_norm`.

    Source: Zhang, Sennrich, "Root mean square layer normalization", 2019.

    >>> import minigrad as mg
    >>> mg.rms_norm(mg.Tensor([[3.0, 3.0], [1.0, 7.0]]), 2, eps=0)
    Tensor([[1. , 1. ],
            [0.2, 1.4]])
    """
    x, shape = _last_axes("rms_norm", x, normalized_shape)
    weight = _per_element("rms_norm", "weight", weight, x, shape)
    if eps is None:
        eps = float(np.finfo(x.dtype).eps)
    axis = tuple(range(x.ndim - len(shape), x.ndim))
    return standardize(x, weight, None, axis, check_eps("rms_norm", eps), centered=False)


def _last_axes(name: str, x: Array, normalized_shape: Any) -> tuple[Array, tuple[int, ...]]:
    """The array, and the lengths of its last axes as a tuple.

    Raises:
        ValueError: if they are not those of `x`.
    """
    x, given = as_floating(name, x), as_integers(f"{name}: normalized_shape", normalized_shape)
    shape = given if isinstance(given, tuple) else (given,)
    if not shape or x.shape[-len(shape) :] != shape:
        hint = f"; its last axis has length {x.shape[-1]}" if x.ndim else ""
        raise ValueError(
            f"{name}: got an input of shape {x.shape} and normalized_shape={normalized_shape!r}, expected the lengths "
            f"of the last axes of the input{hint}"
        )
    return x, shape


def _per_element(name: str, what: str, array: Array, x: Array, shape: tuple[int, ...]) -> Array:
    """γ or β, with one number for each element that shares a mean.

    Raises:
        ValueError: if it has another shape.
    """
    if array is None:
        return None
    array = as_real(name, array, x)
    if array.shape != shape:
        raise ValueError(f"{name}: {what} has shape {array.shape}, expected {shape}, the normalized_shape")
    return array
