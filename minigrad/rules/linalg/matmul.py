"""The matrix product and the fully connected layer: for z = W x, W̄ = z̄ xᵀ and x̄ = Wᵀ z̄."""

from __future__ import annotations

from math import prod

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Binary, Primitive
from minigrad.kernels.linalg import matmul as kernels
from minigrad.rules import builtin_axes
from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.typing import Array

__all__ = ["linear", "matmul"]


# ---------------------------------------------------------------- the matrix product
def _transposed(x: Array) -> Array:
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def _matmul_left(z_bar: Array, z: Array, x: Array, y: Array) -> Array:
    if y.ndim == 1:  # W̄ = z̄ xᵀ: a column times a row
        return np.expand_dims(z_bar, -1) @ np.expand_dims(y, 0) if x.ndim > 1 else z_bar * y
    if x.ndim == 1:
        return y @ z_bar if y.ndim == 2 else (y @ np.expand_dims(z_bar, -1)).squeeze(-1)
    y = _transposed(y)
    return kernels.in_threads(z_bar, y) if kernels.is_large(z_bar, y) else z_bar @ y


def _matmul_right(z_bar: Array, z: Array, x: Array, y: Array) -> Array:
    if x.ndim == 1:
        return np.expand_dims(x, -1) @ np.expand_dims(z_bar, -2) if y.ndim > 1 else z_bar * x
    if y.ndim == 1:
        return _transposed(x) @ z_bar if x.ndim == 2 else (_transposed(x) @ np.expand_dims(z_bar, -1)).squeeze(-1)
    x = _transposed(x)
    return kernels.in_threads(x, z_bar) if kernels.is_large(x, z_bar) else x @ z_bar


class _Product(Binary):
    """Called on the fast path of two arguments, though it is not elementwise."""

    elementwise = False


matmul = _Product(
    "matmul",
    kernels.matmul,
    _matmul_left,
    _matmul_right,
    symbol="@",
    numpy=np.matmul,
    doc="""The matrix product ``x @ y``: 1-D arguments are vectors, leading axes are batches of matrices.

    Raises:
        ValueError: if the last axis of `x` differs in length from the second-to-last of `y`, or from its only axis.

    >>> import minigrad as mg
    >>> mg.matmul(mg.Tensor([[1.0, 2.0]]), mg.Tensor([3.0, 4.0]))
    Tensor([11.])
    """,
    axes=builtin_axes.matmul,
)
implements(np.linalg.matmul)(matmul)


# ---------------------------------------------------------------- the fully connected layer
def _rows(x: Array) -> Array:
    """All axes but the last merged into one: a matrix with one input vector per row."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


_linear = Primitive(
    "linear",
    kernels.linear,
    lambda z_bar, z, x, W, b=None: kernels.times(z_bar, W),
    lambda z_bar, z, x, W, b=None: kernels.times(_rows(z_bar).T, _rows(x)),
    lambda z_bar, z, x, W, b=None: z_bar,  # the engine sums over the batch: b was broadcast
    axes=builtin_axes.linear,
)


def _hint(x: tuple[int, ...], outputs: int, inputs: int) -> str:
    """What to write instead of an input of this shape for a layer of these sizes."""
    if len(x) > 2:
        n = prod(x[1:])
        return f"; nn.Flatten() turns images into vectors of {n}" + f", for Linear({n}, {outputs})" * (n != inputs)
    if prod(x) == inputs:
        return "; for one sample, write x.reshape(1, -1)"
    if len(x) < 2:
        return ""
    return f"; did you mean Linear({x[1]}, {outputs})?" + " Or x.T, if the samples are columns" * (x[0] == inputs)


def linear(x: Array, weight: Array, bias: Array = None) -> Array:
    """x Wᵀ + b, the fully connected layer, as one operation.

    Arguments:
        x: input vectors, shape ``(…, I)``.
        weight: W, shape ``(O, I)``.
        bias: b, shape ``(O,)``.

    Returns:
        Output vectors, shape ``(…, O)``.

    Raises:
        ValueError: if the shapes do not fit together.

    >>> import minigrad as mg
    >>> mg.linear(mg.Tensor([[1.0, 2.0]]), mg.Tensor([[3.0, 4.0]]), mg.Tensor([0.5]))
    Tensor([[11.5]])
    """
    try:
        x_shape, weight_shape, outputs = x.shape, weight.shape, None if bias is None else bias.shape
    except AttributeError:  # nested lists
        x_shape, weight_shape, outputs = shape_of(x), shape_of(weight), None if bias is None else shape_of(bias)
    if len(weight_shape) != 2 or x_shape[-1:] != weight_shape[1:]:
        as_array(x, "linear")  # None and text have shape (), too
        raise ValueError(
            f"linear: input has shape {x_shape} and weight {weight_shape}, expected (…, I) and (O, I) with the same I"
            + (_hint(x_shape, *weight_shape) if len(weight_shape) == 2 else "")
        )
    if bias is None:
        return _linear(x, weight)
    if outputs != weight_shape[:1]:
        raise ValueError(f"linear: bias has shape {outputs}, expected one number for each output: {weight_shape[:1]}")
    return _linear(x, weight, bias)
