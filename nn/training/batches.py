"""The data that `fit` and `evaluate` take, as batches on the model's device and in its precision."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.data.loader import DataLoader
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.typing import Array

__all__ = ["Data", "as_batches", "model_input"]

#: A `DataLoader`, or arrays ``(inputs, targets)``.
Data = tuple[Array, Array] | DataLoader


def as_batches(data: Data, batch_size: int, *, shuffle: bool = False, rng: Any = None) -> DataLoader:
    """A loader as it is, or one for arrays.

    Raises:
        TypeError: if `batch_size` is not a whole number.
        ValueError: if it is less than 1.
    """
    batch_size = whole_number("batch_size", batch_size, least=1)
    if isinstance(data, DataLoader):
        return data
    return DataLoader(*data, batch_size=batch_size, shuffle=shuffle, rng=rng)


def model_input(model: Module, x: Array) -> Array:
    """Inputs on the device of the model's parameters; floating-point numbers in their precision, too.

    Inputs of float64 would otherwise make a float32 model compute in float64.
    """
    parameter = next(model.parameters(), None)
    if parameter is None:
        return x
    is_floating = np.asarray(x).dtype.kind == "f"
    return mg.to(x.astype(parameter.dtype, copy=False) if is_floating else x, parameter.device)
