"""Functions of ``scipy.special`` as kernels, and those of ``cupyx.scipy.special`` for arrays on a GPU."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.typing import Array

__all__ = ["from_scipy", "in_dtype_of", "scipy_special"]


def from_scipy(name: str) -> Callable[..., Array]:
    """The kernel that calls SciPy's function of this name. The first call imports SciPy."""

    def kernel(*arrays: Array) -> Array:
        return in_dtype_of(arrays, getattr(scipy_special(name, *arrays), name)(*arrays))

    kernel.__name__ = kernel.__qualname__ = name
    kernel.__module__ = sys._getframe(1).f_globals["__name__"]  # programs import it from there
    kernel.__doc__ = f"``scipy.special.{name}``."
    return kernel


def scipy_special(name: str, *arrays: Array) -> Any:
    """The module ``scipy.special``, or CuPy's if one of the arrays is on a GPU.

    Raises:
        ImportError: if it is not installed. `name` is the function that needs it.
    """
    on_gpu = any(device_of(array) != "cpu" for array in arrays)
    try:
        return import_module("cupyx.scipy.special" if on_gpu else "scipy.special")
    except ImportError as error:
        raise ImportError(
            f'{name} is computed by SciPy, which is not installed: pip install scipy (the extra "scipy")'
        ) from error


def in_dtype_of(arrays: tuple[Array, ...], y: Array) -> Array:
    """y in the floating type of the arguments: of float16, SciPy makes a wider one."""
    dtype = np.result_type(*[getattr(array, "dtype", array) for array in arrays])
    return y.astype(dtype) if dtype.kind == y.dtype.kind == "f" and y.dtype != dtype else y
