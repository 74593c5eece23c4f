"""Products of float32 matrices by oneDNN, with OpenMP's threads, which its other layers use.

BLAS's threads keep the cores busy for some time after a product, and OpenMP's threads then wait for them; those of
Python take longer to wake. `kernels.spatial.onednn` describes the library. The C interface:
https://oneapi-src.github.io/oneDNN, "Matrix multiplication".
"""

from __future__ import annotations

from threading import local

from minigrad.kernels.onednn_computation import Computation, prepared, threads_for
from minigrad.kernels.spatial import onednn as library
from minigrad.typing import Array

__all__ = ["can_take", "matmul"]

_SRC, _DST, _WEIGHTS, _BIAS = 1, 17, 33, 41  # as in the C interface


def can_take(x: Array, y: Array) -> bool:
    """Whether oneDNN is installed, and these are float32 matrices that lie in memory row by row or column by column.

    Of a matrix and a vector it adds the products one by one, and loses digits that NumPy keeps.
    """
    return len(x) > 1 < y.shape[1] and _order(x) is not None and _order(y) is not None and library.can_take(x, y)


def matmul(x: Array, y: Array, z: Array, bias: Array = None) -> None:
    """Fill z with x @ y, plus a bias (n,) in each row, if one is given; z lies in memory row by row."""
    arrays = {_SRC: x, _WEIGHTS: y, _DST: z}
    if bias is not None:
        arrays[_BIAS] = bias
    orders = _order(x) or "rows", _order(y) or "rows"
    _mine.matmul((*x.shape, y.shape[1]), *orders, bias is not None, threads_for(x, 0)).run(arrays)


def _order(x: Array) -> str | None:
    """How a matrix lies in memory: by rows, by columns, or otherwise."""
    if x.flags.c_contiguous:
        return "rows"
    return "columns" if x.flags.f_contiguous else None


def _matmul(shape: tuple[int, int, int], x_order: str, y_order: str, biased: bool, threads: int) -> Computation:
    m, k, n = shape
    x, y, z = _described(m, k, x_order), _described(k, n, y_order), _described(m, n, "rows")
    arrays = {_SRC: x, _WEIGHTS: y, _DST: z}
    if biased:
        arrays[_BIAS] = _described(1, n, "rows")
    handles = (arrays[role].handle if role in arrays else None for role in (_SRC, _WEIGHTS, _BIAS, _DST))
    arguments = (library._engine(), *handles, library._attributes())
    return Computation([library._new("matmul_primitive_desc_create", *arguments)], arrays, threads)


def _described(m: int, n: int, order: str) -> library._Descriptor:
    """From the shape: the stride of an axis of length 1 may be any."""
    return library._Descriptor.strided((m, n), (n, 1) if order == "rows" else (1, m), library._F32)


class _Mine(local):
    """What each thread has for itself: it sets the addresses."""

    def __init__(self) -> None:
        self.matmul = prepared(_matmul)


_mine = _Mine()
