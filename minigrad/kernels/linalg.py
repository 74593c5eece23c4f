"""The matrix product, and the fully connected layer."""

from __future__ import annotations

from typing import Any

import numpy as np


def matmul(x: Any, y: Any) -> Any:
    """``np.matmul``, with a message that says which lengths have to agree.

    Raises:
        ValueError: if they do not.
    """
    try:
        return np.matmul(x, y)
    except ValueError:
        raise ValueError(_mismatch(np.shape(x), np.shape(y))) from None


def _mismatch(x: tuple[int, ...], y: tuple[int, ...]) -> str:
    """What is wrong with x @ y of these shapes, and which product would fit."""
    said = f"matmul: x @ y has shapes {x} and {y}"
    if not x or not y:
        return f"{said}, and a number has no axis to sum over; write x * y"
    rows, place = (y[-2], "second last") if len(y) > 1 else (y[0], "only")
    if x[-1] == rows:
        return f"{said}; the axes in front count matrices, and {x[:-2]} does not broadcast with {y[:-2]}"
    transpose = "T" if len(x) <= 2 and len(y) <= 2 else "mT"
    fitting = [
        product
        for product, fits in {
            f"x.{transpose} @ y": len(x) > 1 and x[-2] == rows,
            f"x @ y.{transpose}": len(y) > 1 and x[-1] == y[-1],
            "y @ x": len(x) > 1 and x[-2] == y[-1],
        }.items()
        if fits
    ]
    hint = f"; did you mean {' or '.join(fitting)}?" if fitting else ""
    return f"{said}; the last length of x ({x[-1]}) must equal the {place} length of y ({rows}){hint}"


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """x Wᵀ + b, with the bias added in place."""
    z = x.dot(weight.T) if x.ndim == 2 else np.matmul(x, weight.T)  # dot: half the time on small matrices
    if bias is None:
        return z
    if z.dtype is not bias.dtype and z.dtype != np.result_type(z, bias):
        return z + bias
    z += bias
    return z
