"""Norms of vectors and matrices. Those of complex numbers are the norms of their absolute values.

Where every element is 0, at the tip of the cone, no direction is the steepest: the error signal is 0 there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import norms as kernels
from minigrad.rules.axes import as_array_and_axis, axis_tuple, reduced_shape, restore_axes
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.elementwise.arithmetic import sign
from minigrad.rules.elementwise.complex import conj, is_real, modulus
from minigrad.rules.reductions.extrema import max, min, share_among_ties
from minigrad.rules.reductions.sum import sum
from minigrad.rules.safe_division import in_direction_of, safe_divide
from minigrad.typing import Array, Axis

__all__ = ["matrix_norm", "norm", "vector_norm"]


def _norm_rule(y_bar: Array, y: Array, x: Array, ord: float, axis: Axis, keepdims: bool) -> Array:
    """ȳ dy/dx: for p = 2 the vector of length ȳ in the direction of x."""
    if not is_real(x):  # |z| grows in the direction of z, z / |z|
        return _norm_rule(y_bar, y, modulus(x), ord, axis, keepdims) * conj(sign(x))
    if ord == 2:
        return in_direction_of(x, restore_axes(y, axis, keepdims), restore_axes(y_bar, axis, keepdims))
    signs = np.sign(x)
    if ord == 1:
        return restore_axes(y_bar, axis, keepdims) * signs
    if ord == 0:
        return restore_axes(y_bar, axis, keepdims) * (0 * signs)  # a count is piecewise constant
    if abs(ord) == np.inf:
        return share_among_ties(y_bar, y, x * signs, axis, keepdims) * signs
    share = safe_divide(x * signs, restore_axes(y, axis, keepdims))
    # for p < 1 the slope at 0 is infinite, and taken as 0; for p < 0 one element that is 0 keeps the norm at 0
    slope = share ** (ord - 1) if ord > 1 else safe_divide(1, share ** (1 - ord))
    return restore_axes(y_bar, axis, keepdims) * signs * slope


_norm = Primitive("norm", kernels.norm, _norm_rule, symbol="norm", axes=along_axis)


@implements(np.linalg.vector_norm)
def vector_norm(x: Array, axis: Axis = None, keepdims: bool = False, ord: float = 2) -> Array:
    """The length of vectors, ``‖x‖ = (Σ |x|ᵖ)^(1/p)`` with p = `ord`, along one axis, several, or all.

    An element that is 0 gets the error signal 0 for every p, and so does a vector of zeros.

    Arguments:
        ord: p; 2 for the length, 1 for ``Σ |x|``, ``np.inf`` and ``-np.inf`` for the largest and the smallest ``|x|``,
            0 for the number of elements that are not 0.

    Raises:
        ValueError: if `ord` is not a number.

    >>> import minigrad as mg
    >>> x = mg.Tensor([3.0, 4.0], requires_grad=True)
    >>> mg.vector_norm(x).backward()
    >>> x.grad
    array([0.6, 0.8])
    """
    x, axis = as_array_and_axis(x, axis, "vector_norm")
    if not isinstance(ord, int | float | np.number) or np.isnan(ord):
        raise ValueError(f"vector_norm: ord is a number, np.inf or -np.inf; got {ord!r}, not a norm of vectors")
    return _norm(x, ord=ord, axis=axis, keepdims=keepdims)


@implements(np.linalg.matrix_norm)
def matrix_norm(x: Array, keepdims: bool = False, ord: Any = "fro") -> Array:
    """The norm of the matrices in the last two axes of `x`.

    Arguments:
        ord: ``"fro"`` for the root of the sum of squares; 1 and ``np.inf`` for the largest ``Σ |x|`` of a column and of
            a row, −1 and ``-np.inf`` for the smallest; 2, −2 and ``"nuc"`` for the largest singular value, the
            smallest, and the sum of all.

    Raises:
        ValueError: if `x` has fewer than two axes, or `ord` is none of these.

    >>> import minigrad as mg
    >>> mg.matrix_norm(mg.Tensor([[3.0, 4.0], [0.0, 0.0]]))
    Tensor(5.)
    """
    x = as_array(x, "matrix_norm")
    if x.ndim < 2:
        raise ValueError(f"matrix_norm: expected a matrix, got shape {x.shape}; for vectors use vector_norm")
    return _matrix_norm(x, ord, (x.ndim - 2, x.ndim - 1), keepdims)


@implements(np.linalg.norm)
def norm(x: Array, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Array:
    """The norm of vectors or matrices, chosen by `axis` as in ``np.linalg.norm``.

    Arguments:
        ord: see `vector_norm` and `matrix_norm`; the root of the sum of squares if not given.
        axis: one axis for vectors, two for matrices; if not given, `x` is the vector or the matrix.

    Raises:
        ValueError: if `ord` is none of these, or if `x` is neither a vector nor a matrix and no axis is given.

    >>> import minigrad as mg
    >>> mg.norm(mg.Tensor([3.0, -4.0]))
    Tensor(5.)
    """
    x, axis = as_array_and_axis(x, axis, "norm")
    if axis is None and ord is None:
        return _norm(x, ord=2, axis=None, keepdims=keepdims)
    axes = axis_tuple(axis, x.ndim)
    if len(axes) == 1:
        return vector_norm(x, axis, keepdims, 2 if ord is None else ord)
    if len(axes) == 2:
        return _matrix_norm(x, "fro" if ord is None else ord, axes, keepdims)
    raise ValueError(
        f"norm: got {len(axes)} axes of an array of shape {x.shape}, expected one for vectors or two for matrices; "
        "mg.vector_norm takes any number"
    )


def _matrix_norm(x: Array, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Array:
    refuse_gradient("norm", "ord", ord)
    row, column = axes  # the axis that runs down the rows, and the one that runs across the columns
    is_empty = x.shape[row] == 0 or x.shape[column] == 0
    if ord == "fro" or (is_empty and ord in (1, 2, np.inf, "nuc")):  # the largest of no numbers counts as 0
        return _norm(x, ord=2, axis=axes, keepdims=keepdims)
    if ord in (1, -1, np.inf, -np.inf):
        sums = _norm(x, ord=1, axis=row if abs(ord) == 1 else column, keepdims=True)
        return (max if ord > 0 else min)(sums, axes, keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        batch = [i for i in range(x.ndim) if i not in axes]
        singular_values = np.linalg.svd(x.transpose((*batch, row, column)), compute_uv=False)
        y = {2: max, -2: min, "nuc": sum}[ord](singular_values, -1)
        return y.reshape(reduced_shape(x, axes, keepdims)) if keepdims else y
    raise ValueError(f'norm: ord of a matrix is "fro", "nuc", 1, -1, 2, -2, np.inf or -np.inf; got {ord!r}')
