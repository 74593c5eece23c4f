"""Arguments of special functions: whole numbers as floating ones, and numbers that get no error signal."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.manipulation.conversion import in_floating_type
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["constant_number", "floating"]


def floating(x: Array, name: str) -> Array:
    """An array or a Tensor of a floating type; `name` is the function that was called."""
    return in_floating_type(as_array(x, name))


def constant_number(value: Any, name: str, called: str) -> float:
    """One real number, as an int where it is whole.

    Raises:
        TypeError: if it is not one real number, or requires gradients, which it would not get.
    """
    refuse_gradient(name, called, value, f"pass mg.stop_gradient({called[-1]})")
    number = unwrap(value)
    if np.ndim(number) or not np.isreal(number) or not np.isfinite(number):
        raise TypeError(
            f"{name}: {called} is one real number, got {value!r}; for several, mg.stack the results of each"
        )
    return int(number) if number == int(number) else float(number)
