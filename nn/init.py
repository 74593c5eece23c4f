"""Initial values of parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn.module import Parameter

__all__ = ["uniform_fan_in"]


def uniform_fan_in(shape: tuple[int, ...], fan_in: int, *, dtype: Any, rng: np.random.Generator) -> Parameter:
    """A parameter drawn uniformly from ±1/√fan_in, where fan_in is the number of inputs of one unit.

    The output of a unit is then about as large as its inputs, however many they are. PyTorch initializes its linear
    and convolutional layers in the same way.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998.
    """
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return Parameter(rng.uniform(-bound, bound, size=shape), dtype=dtype)
