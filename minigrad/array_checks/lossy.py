"""What loses a part of its meaning when it becomes an array of numbers is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.array_checks.lists import NUMBERS, is_list_of_numbers, parts_of_list
from minigrad.array_checks.other_libraries import loss_of_meaning

__all__ = ["USUAL", "refuse_lossy"]

#: NumPy's arrays in memory, and in a file.
_PLAIN = frozenset({np.ndarray, np.memmap})
USUAL = _PLAIN | NUMBERS | {np.float64, np.float32}


def refuse_lossy(value: Any, name: str) -> None:
    """Raise a TypeError for what is more than its numbers, alone or in a list.

    That is a masked array, a matrix, or another subclass of `np.ndarray`, which gives operators and functions another
    meaning; and what other libraries have: names of axes, missing values, categories, gradients.

    >>> refuse_lossy(np.ma.array([1.0, 2.0], mask=[0, 1]), "exp")
    Traceback (most recent call last):
        ...
    TypeError: exp: got a masked array, and Tensors have no mask; pass m.filled(0.0), or select by mg.where(m.mask, …)
    """
    if type(value) in USUAL or is_list_of_numbers(value):  # looked at first: constructors feel every step
        return
    for part in parts_of_list(value):
        what = _of_subclass(part) if isinstance(part, np.ndarray) else loss_of_meaning(part)
        if what is not None:
            raise TypeError(f"{name}: got {what}")


def _of_subclass(array: Any) -> str | None:
    if type(array) in _PLAIN or hasattr(array, "__record__"):
        return None
    if isinstance(array, np.ma.MaskedArray):
        return "a masked array, and Tensors have no mask; pass m.filled(0.0), or select by mg.where(m.mask, …)"
    if isinstance(array, np.matrix):
        return "an np.matrix, whose * is a matrix product; write np.asarray(m), and @ for products"
    return f"a {type(array).__name__}, which may compute otherwise than an array; write np.asarray(a)"
