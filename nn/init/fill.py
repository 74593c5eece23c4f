"""What every initialization does: look at what it was given, and put the values there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module

__all__ = ["check_tensor", "drawn", "fill"]

_PIECE = 1 << 16  # numbers drawn at a time


def check_tensor(name: str, tensor: Any) -> None:
    """Raise an error that says what to write, unless it is a Parameter, or another floating-point leaf.

    Raises:
        TypeError: if it is not a Tensor, or has no floating-point numbers.
        ValueError: if it was computed.
    """
    if not isinstance(tensor, mg.Tensor):
        hint = ""
        if isinstance(tensor, Module):
            hint = f"; write nn.init.{name}(layer.weight)"
        elif tensor is None:
            hint = "; a layer with bias=False has no bias"
        elif isinstance(tensor, np.ndarray):
            hint = "; make a parameter of the array: nn.Parameter(array)"
        raise TypeError(f"{name}: expected a Parameter or a Tensor, got {type(tensor).__name__}{hint}")
    if tensor.dtype.kind != "f":
        raise TypeError(f"{name}: expected floating-point numbers, got a Tensor of {tensor.dtype}; give it dtype=float")
    if not tensor.is_leaf:
        raise ValueError(
            f"{name}: the Tensor of shape {tensor.shape} was computed, expected a Parameter; initialize what it was "
            "computed from"
        )


def fill(tensor: mg.Tensor, values: Any) -> mg.Tensor:
    """Put values into a Tensor, which keeps its dtype and device; return it."""
    tensor.data = mg.to(np.asarray(values, dtype=tensor.dtype), tensor.device)
    return tensor


def drawn(draw: Callable[[int], Any], shape: tuple[int, ...], dtype: Any) -> Any:
    """An array of random numbers, drawn a piece at a time: NumPy draws in float64, and a piece stays in the cache.

    Arguments:
        draw: returns as many numbers as it is told.
    """
    array = np.empty(shape, dtype)
    flat = array.reshape(-1)
    for start in range(0, flat.size, _PIECE):
        part = flat[start : start + _PIECE]
        part[...] = draw(part.size)
    return array
