"""Class numbers as one-hot rows: a 1 in the column of the class, and 0 elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.unsupported import explains_calls

__all__ = ["one_hot"]


@explains_calls
def one_hot(labels: ArrayLike, n_classes: int | None = None, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Class numbers as one-hot rows, for instance as the targets of `nn.MSELoss` or `nn.BCELoss`.

    `nn.CrossEntropyLoss` takes class numbers as they are, without one-hot rows.

    Arguments:
        labels: class numbers from 0, of any shape.
        n_classes: the number of classes; if not given, the largest label plus 1. Give it for a part of the data, which
            may lack the last class.
        dtype: of the result.

    Returns:
        An array of shape ``(*labels.shape, n_classes)``.

    Raises:
        TypeError: if labels are not whole numbers.
        ValueError: if a label is negative or not less than `n_classes`, or there are no labels and no `n_classes`.

    >>> one_hot([2, 0, 1])
    array([[0., 0., 1.],
           [1., 0., 0.],
           [0., 1., 0.]], dtype=float32)
    """
    mg.array_checks.refuse_lossy(labels, "one_hot")
    numbers = np.asarray(labels)
    if numbers.size and numbers.dtype.kind not in "iu":
        raise TypeError(f"one_hot: labels are {numbers.dtype.name}, expected class numbers{_mend(numbers)}")
    if n_classes is None:
        if not numbers.size:
            raise ValueError("one_hot: there are no labels, so the number of classes is not known; pass n_classes=")
        n_classes = int(numbers.max()) + 1
    else:
        n_classes = whole_number("one_hot: n_classes", n_classes, least=1)
    wrong = (numbers < 0) | (numbers >= n_classes)
    if wrong.any():
        where = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = where[0] if len(where) == 1 else where
        of = f"the label {numbers}" if numbers.ndim == 0 else f"label {place} is {numbers[where]}"
        raise ValueError(f"one_hot: {of}, expected 0 to {n_classes - 1}")
    rows = np.zeros((*numbers.shape, n_classes), dtype)
    if numbers.size:
        np.put_along_axis(rows, numbers[..., None].astype(np.intp), 1, axis=-1)
    return rows


def _mend(labels: NDArray[Any]) -> str:
    if labels.dtype.kind == "b":
        return "; write labels.astype(int) if False is class 0"
    if labels.dtype.kind == "f":
        return "; write labels.astype(int) if they are whole"
    return " from 0; np.unique(labels, return_inverse=True) gives names and numbers"
