"""The true and the predicted classes of some samples, as pictures are given them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["class_numbers"]


def class_numbers(name: str, true: Any, predicted: Any, labels: Sequence[str] | None) -> tuple[Any, Any, list[str]]:
    """Class numbers as arrays, and the names of the classes; `name` is who asks, for the errors."""
    true, predicted = np.asarray(true), np.asarray(predicted)
    for which, values in (("true", true), ("predicted", predicted)):
        if values.ndim == 2 and values.shape[1] > 1:
            raise ValueError(
                f"{name}: {which} has shape {values.shape}, expected class numbers (N,); "
                f"for one column per class take {which}.argmax(axis=1)"
            )
        if values.ndim != 1:
            raise ValueError(f"{name}: {which} has shape {values.shape}, expected class numbers (N,)")
    if len(true) != len(predicted):
        raise ValueError(
            f"{name}: {len(true)} true classes but {len(predicted)} predicted ones; give both for the same samples"
        )
    if not len(true):
        raise ValueError(f"{name}: there are no samples; give at least one")
    for which, values in (("true", true), ("predicted", predicted)):
        if values.dtype.kind not in "iu":
            raise TypeError(f"{name}: {which} has dtype {values.dtype}, expected whole class numbers 0, 1, 2 …")
        if values.min() < 0:
            raise ValueError(f"{name}: {which} has the class {values.min()}; classes are numbered 0, 1, 2 …")
    n = int(max(true.max(), predicted.max())) + 1
    if labels is None:
        return true, predicted, [str(i) for i in range(n)]
    if len(labels) < n:
        raise ValueError(f"{name}: {len(labels)} labels, but classes up to {n - 1}; give a label for each class")
    return true, predicted, [str(label) for label in labels]
