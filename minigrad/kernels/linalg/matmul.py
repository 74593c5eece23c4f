"""The matrix product, and the fully connected layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.kernels.threads import in_pieces

_LARGE = 1 << 18  # multiplications: from about here on BLAS brings in its threads
_WORTH = 1 << 21  # about four times as long as handing a piece to another thread


def is_large(x: Any, y: Any) -> bool:
    """Whether x @ y is a product of two matrices that `in_threads` should compute.

    Of x @ x.T NumPy computes one half and copies it into the other, so that the two are the same to the last digit:
    that is for NumPy.
    """
    if type(x) is not np.ndarray or x.size * y.size < _LARGE:  # for small ones, which feel it, this is all
        return False
    if not (type(y) is np.ndarray and x.ndim == y.ndim == 2 and x.size * y.shape[1] > _LARGE):
        return False
    return x.strides != y.strides[::-1] or x.shape != y.shape[::-1] or x.ctypes.data != y.ctypes.data


def times(x: Any, y: Any) -> Any:
    """``x @ y`` for a matrix y: by dot if they are small, which takes half the time of @, by threads if large."""
    return in_threads(x, y) if is_large(x, y) else x.dot(y) if x.ndim == 2 else x @ y


def in_threads(x: Any, y: Any) -> Any:
    """x @ y for two matrices, some rows of x in each thread: as fast as BLAS's own threads, which never wake."""
    z = np.empty((len(x), y.shape[1]), np.result_type(x, y))

    def some_rows(start: int, stop: int) -> None:
        np.matmul(x[start:stop], y, out=z[start:stop])

    in_pieces(some_rows, len(x), x.size * y.shape[1] > _WORTH)
    return z


def matmul(x: Any, y: Any) -> Any:
    """``np.matmul``, with a message that says which lengths have to agree.

    Raises:
        ValueError: if they do not.
    """
    try:
        return in_threads(x, y) if is_large(x, y) and x.shape[1] == len(y) else np.matmul(x, y)
    except ValueError:
        raise ValueError(_mismatch(np.shape(x), np.shape(y))) from None


def _mismatch(x: tuple[int, ...], y: tuple[int, ...]) -> str:
    """What is wrong with x @ y of these shapes, and which product would fit."""
    said = f"matmul: x @ y has shapes {x} and {y}"
    if not x or not y:
        return f"{said}, and a number has no axis to sum over; write x * y"
    rows, place = (y[-2], "second last") if len(y) > 1 else (y[0], "only")
    if x[-1] == rows:
        return f"{said}; the axes in front count matrices, and {x[:-2]} does not broadcast with {y[:-2]}"
    transpose = "T" if len(x) <= 2 and len(y) <= 2 else "mT"
    fitting = [
        product
        for product, fits in {
            f"x.{transpose} @ y": len(x) > 1 and x[-2] == rows,
            f"x @ y.{transpose}": len(y) > 1 and x[-1] == y[-1],
            "y @ x": len(x) > 1 and x[-2] == y[-1],
        }.items()
        if fits
    ]
    hint = f"; did you mean {' or '.join(fitting)}?" if fitting else ""
    return f"{said}; the last length of x ({x[-1]}) must equal the {place} length of y ({rows}){hint}"


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """x Wᵀ + b, with the bias added in place."""
    z = times(x, weight.T)
    if bias is None:
        return z
    if z.dtype is not bias.dtype and z.dtype != np.result_type(z, bias):
        return z + bias
    z += bias
    return z
