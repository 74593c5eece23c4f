"""Products of float32 matrices by oneDNN, with OpenMP's threads, which its other layers use.

BLAS's threads keep the cores busy for some time after a product, and OpenMP's threads then wait for them; those of
Python take longer to wake. `kernels.spatial.onednn` describes the library. The C interface:
https://oneapi-src.github.io/oneDNN, "Matrix multiplication", dnnl_sgemm.
"""

from __future__ import annotations

from ctypes import c_char, c_float, c_int64, c_void_p

from minigrad.kernels.spatial import onednn as library
from minigrad.kernels.threads import blas_threads
from minigrad.typing import Array

__all__ = ["can_take", "matmul"]


def can_take(x: Array, y: Array) -> bool:
    """Whether oneDNN is installed, and these are float32 matrices that lie in memory row by row or column by column.

    Of a matrix and a vector it adds the products one by one, and loses digits that NumPy keeps.
    """
    return len(x) > 1 < y.shape[1] and _order(x) is not None and _order(y) is not None and library.can_take(x, y)


def matmul(x: Array, y: Array, z: Array) -> None:
    """Fill z with x @ y."""
    (m, k), n = x.shape, y.shape[1]
    limit = library._dnnl().omp_get_max_threads()
    orders = [_order(a) for a in (x, y)]
    pairs = []
    for a, order in zip((x, y), orders, strict=True):  # from the shape: the stride of an axis of length 1 may be any
        pairs += [c_void_p(library._address(a)), c_int64(a.shape[1] if order == b"N" else a.shape[0])]
    with library._openmp(min(limit, blas_threads() or limit)):
        status = library._dnnl().unlocked.dnnl_sgemm(
            *[c_char(order or b"") for order in orders], c_int64(m), c_int64(n), c_int64(k), c_float(1), *pairs,
            c_float(0), c_void_p(library._address(z)), c_int64(n),
        )  # fmt: skip
    if status:
        raise RuntimeError(f"oneDNN: dnnl_sgemm gave status {status}; without onednn-cpu-gomp NumPy computes it")


def _order(x: Array) -> bytes | None:
    """How BLAS calls the order of a matrix: N row by row, T column by column; None for any other."""
    if x.flags.c_contiguous:
        return b"N"
    return b"T" if x.flags.f_contiguous else None
