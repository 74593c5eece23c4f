"""Matrix products. For z = W x the lecture has W̄ = z̄ xᵀ and x̄ = Wᵀ z̄."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Primitive
from minigrad.kernels.linalg import matmul as kernels
from minigrad.rules.arguments import shape_of

__all__ = ["linear", "matmul"]


def _transposed(x: Any) -> Any:
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def _matmul_left(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if y.ndim == 1:  # W̄ = z̄ xᵀ: a column times a row
        return np.expand_dims(z_bar, -1) @ np.expand_dims(y, 0) if x.ndim > 1 else z_bar * y
    if x.ndim == 1:
        return y @ z_bar if y.ndim == 2 else (y @ np.expand_dims(z_bar, -1))[..., 0]
    y = _transposed(y)
    return kernels.in_threads(z_bar, y) if kernels.is_large(z_bar, y) else z_bar @ y


def _matmul_right(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if x.ndim == 1:
        return np.expand_dims(x, -1) @ np.expand_dims(z_bar, -2) if y.ndim > 1 else z_bar * x
    if y.ndim == 1:
        return _transposed(x) @ z_bar if x.ndim == 2 else (_transposed(x) @ np.expand_dims(z_bar, -1))[..., 0]
    x = _transposed(x)
    return kernels.in_threads(x, z_bar) if kernels.is_large(x, z_bar) else x @ z_bar


class _Product(Binary):
    """On the short path of two arguments, though not element by element."""

    elementwise = False


matmul = _Product(
    "matmul",
    kernels.matmul,
    _matmul_left,
    _matmul_right,
    symbol="@",
    numpy=np.matmul,
    doc="""The matrix product ``x @ y``: 1-D arguments are vectors, further axes in front are batches.

    Raises:
        ValueError: if the last length of `x` differs from the second last of `y`, or its only one.

    >>> import minigrad as mg
    >>> mg.matmul(mg.Tensor([[1.0, 2.0]]), mg.Tensor([3.0, 4.0]))
    Tensor([11.])
    """,
)
implements(np.linalg.matmul)(matmul)


def _rows(x: Any) -> Any:
    """All axes but the last as one: a layer treats each vector alike, however they are arranged."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


_linear = Primitive(
    "linear",
    kernels.linear,
    lambda z_bar, z, x, W, b=None: kernels.times(z_bar, W),
    lambda z_bar, z, x, W, b=None: kernels.times(_rows(z_bar).T, _rows(x)),
    lambda z_bar, z, x, W, b=None: z_bar,  # the sum over the batch is the engine's: b was broadcast
)


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """x Wᵀ + b, the fully connected layer, in one operation: a batch of vectors times a matrix.

    Arguments:
        x: vectors, shape ``(…, I)``.
        weight: W, shape ``(O, I)``.
        bias: b, shape ``(O,)``.

    Returns:
        Shape ``(…, O)``.

    Raises:
        ValueError: if the shapes do not belong together.

    >>> import minigrad as mg
    >>> mg.linear(mg.Tensor([[1.0, 2.0]]), mg.Tensor([[3.0, 4.0]]), mg.Tensor([0.5]))
    Tensor([[11.5]])
    """
    vectors, matrix = shape_of(x), shape_of(weight)
    if len(matrix) != 2 or vectors[-1:] != matrix[1:]:
        raise ValueError(
            f"linear: input has shape {vectors} and weight {matrix}, expected (…, I) and (O, I) with the same I"
            + (f"; did you mean Linear({vectors[-1]}, {matrix[0]})?" if len(vectors) == len(matrix) == 2 else "")
            + ("; images become vectors by nn.Flatten()" if len(vectors) == 4 else "")
        )
    if bias is None:
        return _linear(x, weight)
    if shape_of(bias) != matrix[:1]:
        raise ValueError(f"linear: bias has shape {shape_of(bias)}, expected one number for each output: {matrix[:1]}")
    return _linear(x, weight, bias)
