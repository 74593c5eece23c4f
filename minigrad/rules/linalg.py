"""Matrix products. For z = W x the lecture has W̄ = z̄ xᵀ and x̄ = Wᵀ z̄."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.primitive import Binary

__all__ = ["matmul"]


def _transposed(x: Any) -> Any:
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def _matmul_left(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if y.ndim == 1:  # W̄ = z̄ xᵀ: a column times a row
        return np.expand_dims(z_bar, -1) @ np.expand_dims(y, 0) if x.ndim > 1 else z_bar * y
    if x.ndim == 1:
        return y @ z_bar if y.ndim == 2 else (y @ np.expand_dims(z_bar, -1))[..., 0]
    return z_bar @ _transposed(y)


def _matmul_right(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if x.ndim == 1:
        return np.expand_dims(x, -1) @ np.expand_dims(z_bar, -2) if y.ndim > 1 else z_bar * x
    if y.ndim == 1:
        return _transposed(x) @ z_bar if x.ndim == 2 else (_transposed(x) @ np.expand_dims(z_bar, -1))[..., 0]
    return _transposed(x) @ z_bar


matmul = Binary(
    "matmul",
    np.matmul,
    _matmul_left,
    _matmul_right,
    symbol="@",
    doc="""The matrix product ``x @ y``: 1-D arguments are vectors, further axes in front are batches.

    >>> import minigrad as mg
    >>> mg.matmul(mg.Tensor([[1.0, 2.0]]), mg.Tensor([3.0, 4.0]))
    Tensor([11.])
    """,
)
