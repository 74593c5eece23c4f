"""True and predicted classes, checked for figures of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.typing import Array

__all__ = ["class_numbers"]


def class_numbers(name: str, true: Array, predicted: Array, labels: Sequence[str] | None) -> tuple[Any, Any, list[str]]:
    """Class indices as arrays, and the names of the classes; `name` is the function that errors name."""
    true, predicted = np.asarray(true), np.asarray(predicted)
    for which, values in (("true", true), ("predicted", predicted)):
        if values.ndim == 2 and values.shape[1] > 1:
            raise ValueError(
                f"{name}: {which} has shape {values.shape}, expected class numbers (N,); "
                f"for one column per class use {which}.argmax(axis=1)"
            )
        if values.ndim != 1:
            raise ValueError(f"{name}: {which} has shape {values.shape}, expected class numbers (N,)")
    if len(true) != len(predicted):
        raise ValueError(
            f"{name}: {len(true)} true classes but {len(predicted)} predicted; pass both for the same samples"
        )
    if not len(true):
        raise ValueError(f"{name}: there are no samples; pass at least one")
    for which, values in (("true", true), ("predicted", predicted)):
        if values.dtype.kind not in "iu":
            raise TypeError(f"{name}: {which} has dtype {values.dtype}, expected class numbers 0, 1, 2, …")
        if values.min() < 0:
            raise ValueError(f"{name}: {which} has the class {values.min()}, expected 0, 1, 2, …")
    n = int(max(true.max(), predicted.max())) + 1
    if labels is None:
        return true, predicted, [str(i) for i in range(n)]
    if len(labels) < n:
        raise ValueError(f"{name}: {len(labels)} labels, but classes up to {n - 1}; pass a label for each class")
    return true, predicted, [str(label) for label in labels]
