"""The refusal of complex numbers, by functions that have no meaning for them."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["is_complex", "left_operand", "require_real", "takes_real_numbers"]


def is_complex(x: Any) -> bool:
    """Whether it is an array, a Tensor or a number of a complex type."""
    dtype = getattr(x, "dtype", None)
    return type(x) is complex if dtype is None else dtype.kind == "c"


def require_real(x: Any, name: str = "") -> None:
    """Raise a TypeError if `x` is complex. A primitive adds its name to it; a composed function gives its own.

    NumPy orders complex numbers by their real parts: without this check ``relu(z)`` would be a number, of no use.
    """
    if is_complex(x):
        raise TypeError((f"{name}: " if name else "") + takes_real_numbers(x))


def takes_real_numbers(z: Any) -> str:
    """What to say of a complex argument that was refused."""
    dtype = getattr(z, "dtype", np.dtype(complex))
    return f"takes real numbers only, got {dtype}; pass mg.real(z), mg.imag(z) or mg.abs(z)"


def left_operand(x: Any, y: Any) -> Any:
    """The left of two arguments: ``1j * np.float64(2)`` would be a Python number, without a dtype."""
    return np.complex128(x) if type(x) is complex and getattr(y, "stands_for", type(y)) is np.float64 else x
