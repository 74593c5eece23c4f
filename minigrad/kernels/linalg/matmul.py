"""The matrix product, and the fully connected layer."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.linalg import onednn
from minigrad.kernels.threads import in_pieces
from minigrad.recorder import recorder_of
from minigrad.typing import Array

LARGE = 1 << 18  # multiplications from which BLAS uses its threads
_COMPILED = 1 << 20  # multiplications from which oneDNN takes less time than NumPy
_WORTH = 1 << 23  # multiplications that take about four times as long as starting another thread on them


def is_large(x: Array, y: Array) -> bool:
    """Whether x @ y is a product of two matrices that `in_threads` should compute.

    x @ x.T is left to NumPy, which computes one half and copies it into the other: the result is exactly symmetric.
    """
    if type(x) is not np.ndarray or x.size * y.size < LARGE:  # small products return here, for speed
        return hasattr(x, "__record__") and x.ndim == y.ndim == 2 and x.size * y.shape[1] > LARGE  # or when it runs
    if not (type(y) is np.ndarray and x.ndim == y.ndim == 2 and x.size * y.shape[1] > LARGE):
        return False
    return x.strides != y.strides[::-1] or x.shape != y.shape[::-1] or x.ctypes.data != y.ctypes.data


def times(x: Array, y: Array) -> Array:
    """``x @ y`` for a matrix y: small ones by ``dot``, which takes half the time of ``@``, large ones by threads."""
    if x.ndim != 2:
        return x @ y
    return x.dot(y) if x.size * y.size < LARGE or not is_large(x, y) else in_threads(x, y)  # no call for small ones


def in_threads(x: Array, y: Array) -> Array:
    """x @ y for two matrices, some rows of x in each thread: as fast as the threads of BLAS, which stay idle."""
    recorder = recorder_of(x, y)
    if recorder is not None:
        return recorder.__record__(matmul, (x, y), {})  # which asks again whether it is large, and not x @ x.T
    if _is_compiled(x, y):
        return _compiled(x, y)
    z = np.empty((len(x), y.shape[1]), np.result_type(x, y))

    def some_rows(start: int, stop: int) -> None:
        np.matmul(x[start:stop], y, out=z[start:stop])

    in_pieces(some_rows, len(x), x.size * y.shape[1] > _WORTH)
    return z


def _is_compiled(x: Array, y: Array) -> bool:
    """Whether oneDNN computes the product of two matrices; NumPy says what does not fit."""
    return x.size * y.shape[1] > _COMPILED and x.shape[1] == len(y) and onednn.can_take(x, y)


def _compiled(x: Array, y: Array, bias: Array = None) -> Array:
    z = np.empty((len(x), y.shape[1]), x.dtype)
    onednn.matmul(x, y, z, bias)
    return z


def _is_row(bias: Array, x: Array, y: Array) -> bool:
    """Whether it is an array of the precision of x, with a number for each column of x @ y."""
    return type(bias) is np.ndarray and bias.shape == y.shape[1:] and bias.dtype == x.dtype and bias.flags.c_contiguous


def matmul(x: Array, y: Array) -> Array:
    """``np.matmul``, with an error that says which lengths must agree.

    Raises:
        ValueError: if they do not.
    """
    try:
        return in_threads(x, y) if is_large(x, y) and x.shape[1] == len(y) else np.matmul(x, y)
    except ValueError:
        raise ValueError(_mismatch(np.shape(x), np.shape(y))) from None


def _mismatch(x: tuple[int, ...], y: tuple[int, ...]) -> str:
    """The error for x @ y of these shapes: which lengths differ, and which product would fit."""
    shapes = f"matmul: x @ y has shapes {x} and {y}"
    if not x or not y:
        return f"{shapes}, and a number has no axis to sum over; write x * y"
    rows, position = (y[-2], "second-to-last") if len(y) > 1 else (y[0], "only")
    if x[-1] == rows:
        return f"{shapes}; the leading axes count matrices, but {x[:-2]} does not broadcast with {y[:-2]}"
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
    return f"{shapes}; the last length of x ({x[-1]}) must equal the {position} length of y ({rows}){hint}"


def linear(x: Array, weight: Array, bias: Array = None) -> Array:
    """x Wᵀ + b, with the bias added in place."""
    y = weight.T
    is_candidate = bias is not None and x.size * y.size >= LARGE and is_large(x, y)  # no call for small ones
    if is_candidate and _is_compiled(x, y) and _is_row(bias, x, y):
        return _compiled(x, y, bias)
    z = times(x, y)
    if bias is None:
        return z
    if z.dtype is not bias.dtype and z.dtype != np.result_type(z, bias):
        return z + bias
    z += bias
    return z
