"""NumPy's keywords of reductions: ``dtype``, in which to compute, ``where``, what to include, and ``initial``.

They are written with operations that have rules of their own: an element that is left out is replaced by one that
changes nothing, 0 in a sum, and so gets the error signal 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from minigrad.core.tensor import Tensor
from minigrad.device import device_of, to_device
from minigrad.rules.axes import as_array_and_axis, axis_tuple
from minigrad.rules.convert_arguments import shape_of
from minigrad.rules.manipulation import select
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.shape import broadcast_to, reshape
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array, Axis

__all__ = ["as_initial", "in_dtype", "included", "mask_of", "mean_arguments", "reduction_arguments", "weights_like"]


def reduction_arguments(name: str, x: Array, axis: Axis, dtype: DTypeLike | None) -> tuple[Array, Axis]:
    """`as_array_and_axis`, the array in the dtype to compute in, if one is given."""
    x, axis = as_array_and_axis(x, axis, name)
    return (x if dtype is None else in_dtype(name, x, dtype)), axis


def mean_arguments(name: str, x: Array, axis: Axis, dtype: DTypeLike | None) -> tuple[Array, Axis]:
    """`reduction_arguments` of a mean, which has fractions.

    Raises:
        TypeError: if `dtype` is one of whole numbers or truth values, in which NumPy cuts the fractions off.
    """
    if dtype is not None and not isinstance(dtype, bool | int) and np.dtype(dtype).kind not in "fc":
        raise TypeError(
            f"{name}: got dtype={np.dtype(dtype)}, in which the result has no fractions, expected a floating dtype; "
            "round the result, or convert it with astype"
        )
    return reduction_arguments(name, x, axis, dtype)


def in_dtype(name: str, x: Array, dtype: DTypeLike) -> Array:
    """`x` in the dtype that a function is to compute in.

    Raises:
        TypeError: if it is a truth value or a number: one of NumPy's later arguments, passed too early.
    """
    if isinstance(dtype, bool | int):
        raise TypeError(
            f"{name}: got dtype={dtype!r}, expected a dtype; NumPy's next arguments are passed by name: keepdims=True, "
            "ddof=1"
        )
    return astype(x, dtype, copy=False)


def mask_of(name: str, x: Array, where: Array) -> Array:
    """The truth values of ``where=``, which broadcast to the shape of `x`.

    Raises:
        TypeError: if they are an array of another dtype.
        ValueError: if they do not broadcast to this shape.
    """
    where = unwrap(where)
    mask = where if hasattr(where, "dtype") else to_device(np.asarray(where, bool), device_of(x))
    if mask.dtype != bool:
        raise TypeError(f"{name}: where has dtype {mask.dtype}, expected truth values; compare: where=m != 0")
    shape = shape_of(x)
    if len(mask.shape) > len(shape) or any(
        n not in (1, m) for n, m in zip(mask.shape[::-1], shape[::-1], strict=False)
    ):
        raise ValueError(
            f"{name}: where has shape {mask.shape}, which does not broadcast to shape {shape} of the array"
        )
    return mask


def included(name: str, x: Array, where: Array, neutral: Any) -> Array:
    """`x` where `where` holds, elsewhere a number that changes nothing."""
    return select.where(mask_of(name, x, where), x, neutral)


def as_initial(name: str, initial: Array, y: Array) -> Array:
    """What a reduction starts with: a number, in the dtype of the result.

    Raises:
        ValueError: if it is an array with axes.
    """
    if shape_of(initial):
        raise ValueError(
            f"{name}: initial has shape {shape_of(initial)}, expected a number; combine it with the result"
        )
    if isinstance(initial, Tensor) or hasattr(initial, "__apply__"):
        return astype(initial, y.dtype, copy=False)
    return np.asarray(initial, y.dtype).item()


def weights_like(name: str, x: Array, weights: Array, axis: Axis) -> Array:
    """Weights of the elements of `x`, in its shape.

    Raises:
        ValueError: if they have neither the shape of `x` nor that of its given axes alone.
    """
    if weights.shape == x.shape:
        return weights
    axes = axis_tuple(axis, x.ndim)
    if axis is None or weights.shape != tuple(x.shape[i] for i in axes):
        raise ValueError(
            f"{name}: weights have shape {weights.shape}, expected {x.shape} as the array, or one weight "
            "for each position along the axes given by axis="
        )
    weights = weights.transpose(tuple(map(int, np.argsort(axes))))
    return broadcast_to(reshape(weights, tuple(n if i in axes else 1 for i, n in enumerate(x.shape))), x.shape)
