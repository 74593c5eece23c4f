"""Arrays whose elements are all the same number, known while the program is written: the error signal of a mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Uniform", "is_number", "number_of"]


_NUMBERS = (int, float, complex, np.generic)


@dataclass(frozen=True)
class Uniform:
    """An array of this shape, of one number: a constant that a program writes as the number wherever it broadcasts."""

    number: np.generic
    shape: tuple[int, ...]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the array."""
        return self.number.dtype

    @property
    def type(self) -> type:
        """The type that the array has."""
        return np.ndarray


def is_number(x: Any) -> bool:
    """Whether it is one number that is known: Python's or NumPy's."""
    return isinstance(x, _NUMBERS)


def number_of(x: Any) -> Any:
    """The number of a uniform array; a number itself."""
    return x.number if isinstance(x, Uniform) else x
