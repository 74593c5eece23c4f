"""Checks of the arguments of normalizations: real numbers, and one weight and bias for each channel or element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.conversion import in_floating_type
from minigrad.rules.manipulation.shape import reshape
from minigrad.typing import Array

__all__ = ["as_channels", "as_floating", "as_real", "check_eps", "check_momentum", "is_recorded", "per_channel"]


def as_real(name: str, x: Array, *others: Array) -> Array:
    """`x` as an array of real numbers, on the device of the others.

    Raises:
        TypeError: if it is complex, or not an array.
    """
    x = as_array(x, name, *others)
    require_real(x, name)
    if others:
        refuse_mixed(name, x, *others)
    return x


def as_floating(name: str, x: Array) -> Array:
    """`x` as an array of floating numbers; of whole ones in double precision, as NumPy's mean.

    Raises:
        TypeError: if it is complex, or not an array.
    """
    return in_floating_type(as_real(name, x))


def as_channels(name: str, x: Array) -> Array:
    """`x` as an array of floating numbers of shape (N, C, *size).

    Raises:
        ValueError: if it has no axis of channels.
    """
    x = as_floating(name, x)
    if x.ndim < 2:
        raise ValueError(
            f"{name}: expected shape (N, C) or (N, C, *size), samples and channels first, got {x.shape}"
            + ("; of one sample, write x[None]" if x.ndim else "")
        )
    return x


def per_channel(name: str, what: str, array: Array, x: Array) -> Array:
    """An array with one number for each channel of `x`, shape (C,), with axes added to broadcast against it.

    Raises:
        ValueError: if it has another shape.
    """
    if array is None:
        return None
    array = as_real(name, array, x)
    if array.shape != (x.shape[1],):
        raise ValueError(
            f"{name}: {what} has shape {array.shape}, expected ({x.shape[1]},): one number for each of the "
            f"{x.shape[1]} channels of the input (shape {x.shape})"
        )
    return array if x.ndim == 2 else reshape(array, (x.shape[1], *(1,) * (x.ndim - 2)))


def check_eps(name: str, eps: Any) -> float:
    """ε as a number.

    Raises:
        ValueError: if it is negative or not finite.
        TypeError: if it is not a number.
    """
    if not _is_number(eps):
        raise TypeError(f"{name}: eps={eps!r}, expected a number")
    if not 0 <= eps < math.inf:
        raise ValueError(
            f"{name}: eps={eps}, expected a small number ≥ 0, which keeps σ = √(Var(x) + eps) from being 0"
        )
    return float(eps)


def check_momentum(name: str, momentum: Any) -> float:
    """The weight of a batch in the running values.

    Raises:
        ValueError: if it is not between 0 and 1.
        TypeError: if it is not a number.
    """
    if not _is_number(momentum):
        raise TypeError(f"{name}: momentum={momentum!r}, expected a number")
    if not 0 <= momentum <= 1:
        raise ValueError(f"{name}: momentum={momentum}, expected the weight of the new running values, from 0 to 1")
    return float(momentum)


def is_recorded(*values: Any) -> bool:
    """Whether a rule with these arguments is itself recorded or written as a formula, rather than computed."""
    return any(isinstance(value, Tensor) or hasattr(value, "__apply__") for value in values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
