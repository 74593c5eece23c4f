"""Initial values of parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nn.module import Parameter

__all__ = ["drawn", "uniform_fan_in"]

_PIECE = 1 << 16  # numbers drawn at a time


def uniform_fan_in(shape: tuple[int, ...], fan_in: int, *, dtype: Any, rng: np.random.Generator) -> Parameter:
    """A parameter drawn uniformly from ±1/√fan_in, where fan_in is the number of inputs of one unit.

    The output of a unit is then about as large as its inputs, however many they are. PyTorch initializes its linear
    and convolutional layers in the same way.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998.
    """
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    parameter = Parameter(np.zeros((), dtype))
    parameter.data = drawn(lambda n: rng.uniform(-bound, bound, n), shape, dtype)  # as it is, and not a copy
    return parameter


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
