"""Running means, sums and maxima in the state of a parameter, brought up to date in place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import minigrad as mg
from nn.typing import Array

__all__ = ["running_maximum", "running_mean", "running_mean_of_squares", "running_sum", "sqrt"]

# A number, the state of a parameter of shape (), is not changed in place: what was computed is put back.


def running_mean(state: dict[str, Any], name: str, decay: float, x: Array) -> Array:
    """Mean ← decay · mean + (1 − decay) · x, which starts at 0.

    >>> running_mean({"exp_avg": 4.0}, "exp_avg", 0.75, 8.0)
    5.0
    """
    return running_sum(state, name, (1 - decay) * x, decay)


def running_mean_of_squares(state: dict[str, Any], name: str, decay: float, x: Array) -> Array:
    """Mean ← decay · mean + (1 − decay) · x², which starts at 0.

    >>> running_mean_of_squares({"exp_avg_sq": 4.0}, "exp_avg_sq", 0.75, 4.0)
    7.0
    """
    square = x * x
    square *= 1 - decay
    return running_sum(state, name, square, decay)


def running_sum(state: dict[str, Any], name: str, x: Array, decay: float | None = None, start: float = 0.0) -> Array:
    """Sum ← decay · sum + x.

    >>> running_sum({"sum": 4.0}, "sum", 8.0)
    12.0
    """
    if name in state:
        total = state[name]
        if decay is not None:
            total *= decay
        total += x
    else:
        total = x + (start if decay is None else decay * start)
    state[name] = total
    return total


def running_maximum(state: dict[str, Any], name: str, x: Array) -> Array:
    """The largest x so far; all are at least 0."""
    if name not in state or not np.ndim(x):
        state[name] = np.maximum(state.get(name, 0.0), x)
    else:
        np.maximum(state[name], x, out=state[name])
    return state[name]


@mg.recorder.recordable
def sqrt(x: float) -> float:
    """√x of a Python number, as a line of a program.

    >>> sqrt(4.0)
    2.0
    """
    return math.sqrt(x)
