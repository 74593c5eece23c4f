"""The error signal with which a backward sweep starts: 1 for a single number, or what the user gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.conversions import as_signal
from minigrad.core.tensor import Tensor

__all__ = ["first_signal", "one_like"]

_ONE = {dtype: dtype(1) for dtype in (np.float16, np.float32, np.float64)}  # the usual seeds: to make one takes 0.3 µs


def one_like(value: Any) -> Any:
    """1 as a number of the same type, on the same device."""
    one = _ONE.get(type(value))
    return np.ones_like(value)[()] if one is None else one


def first_signal(y: Tensor, grad: Any) -> Any:
    """The error signal of `y`: `grad`, or 1 if it is ``None``.

    Raises:
        ValueError: if it is missing for a Tensor of more than one element, or has another shape.
        TypeError: if it is missing for a complex number, or on another device.
    """
    if grad is None:
        value = y._data
        if type(value) in _ONE:
            return _ONE[type(value)]
        if value.size != 1:
            raise ValueError(
                f"backward: {y._called()} has shape {y.shape}, and an error signal starts at a single number; "
                "reduce it first (loss.mean() or loss.sum()), or pass its error signal of the same shape: "
                "y.backward(grad)"
            )
        if value.dtype.kind == "c":
            raise TypeError(
                f"backward: {y._called()} is a complex number ({y.dtype}), and only a real one can be made smaller; "
                "take its real part, mg.real(loss), or the square of its size, mg.real(loss * mg.conj(loss))"
            )
        return one_like(value)
    return as_signal(grad, y, "backward")
