"""Dot, inner, outer, cross, tensor and Kronecker products, and products of several matrices.

Nearly all are composed of ``matmul`` and ``einsum``, and so need no rules of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.core.dispatch import implements, numpy_functions
from minigrad.core.primitive import Primitive
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.rules.convert_arguments import as_arrays, shape_of
from minigrad.rules.elementwise.arithmetic import multiply
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.diagonal import diagonal, on_diagonal
from minigrad.rules.linalg.einsum import einsum
from minigrad.rules.linalg.einsum_subscripts import LETTERS
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import expand_dims, ravel, reshape, squeeze
from minigrad.rules.manipulation.transpose import moveaxis, transpose
from minigrad.typing import Array

__all__ = [
    "cross", "dot", "inner", "kron", "matrix_power", "matvec", "multi_dot", "outer", "tensordot", "vdot", "vecdot",
    "vecmat",
]  # fmt: skip


# ---------------------------------------------------------------- products of two arrays
@implements(np.dot)
def dot(x: Array, y: Array) -> Array:
    """Σ x y over the last axis of `x` and the second-to-last of `y`, or its only one; x y where one is a number.

    Unlike ``x @ y``, it pairs every matrix of one stack with every matrix of the other.

    Raises:
        ValueError: if these axes differ in length.

    >>> import minigrad as mg
    >>> mg.dot(mg.Tensor([1.0, 2.0]), [3.0, 4.0])
    Tensor(11.)
    """
    ndims = len(shape_of(x)), len(shape_of(y))
    if 0 in ndims:
        return multiply(x, y)
    return matmul(x, y) if ndims[1] <= 2 else _contracted("dot", x, y, [-1], [-2])


@implements(np.inner)
def inner(x: Array, y: Array) -> Array:
    """Σ x y over the last axis of both: the dot product of every vector of `x` with every vector of `y`.

    Raises:
        ValueError: if these axes differ in length.

    >>> import minigrad as mg
    >>> mg.inner(mg.Tensor([[1.0, 2.0], [0.0, 1.0]]), [3.0, 4.0])
    Tensor([11.,  4.])
    """
    if 0 in (len(shape_of(x)), len(shape_of(y))):
        return multiply(x, y)
    if len(shape_of(y)) <= 2:
        return matmul(x, y if len(shape_of(y)) == 1 else transpose(y))
    return _contracted("inner", x, y, [-1], [-1])


@implements(np.vdot)
def vdot(x: Array, y: Array) -> Array:
    """Σ x y over all elements: the dot product of two arrays of the same size, flattened to vectors.

    If x is complex, its conjugate is multiplied, as in NumPy.

    Raises:
        ValueError: if the sizes differ.

    >>> import minigrad as mg
    >>> mg.vdot(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), mg.Tensor([[1.0, 0.0], [0.0, 1.0]]))
    Tensor(5.)
    """
    sizes = math.prod(shape_of(x)), math.prod(shape_of(y))
    if sizes[0] != sizes[1]:
        raise ValueError(f"vdot: x has {sizes[0]} elements (shape {shape_of(x)}) and y {sizes[1]} ({shape_of(y)})")
    return matmul(conj(_vector(x)), _vector(y))


@implements(np.linalg.vecdot)
@implements(np.vecdot)
def vecdot(x: Array, y: Array, axis: int = -1) -> Array:
    """Σ x y over one axis of both, the last by default; the other axes broadcast.

    If x is complex, its conjugate is multiplied, as in NumPy.

    Raises:
        ValueError: if this axis differs in length.

    >>> import minigrad as mg
    >>> mg.vecdot(mg.Tensor([[1.0, 2.0], [0.0, 1.0]]), [3.0, 4.0])
    Tensor([11.,  4.])
    """
    shapes = shape_of(x), shape_of(y)
    axes = [normalize_axis_index(axis, len(shape)) for shape in shapes]
    if shapes[0][axes[0]] != shapes[1][axes[1]]:
        raise ValueError(
            f"vecdot: x has shape {shapes[0]} and y {shapes[1]}, which differ in the length of axis {axis}"
        )
    *kept, summed = list(LETTERS[: max(map(len, shapes))])
    terms = [kept[len(kept) - len(shape) + 1 :] for shape in shapes]
    for term, i in zip(terms, axes, strict=True):
        term.insert(i, summed)
    return einsum(_subscripts(terms[0], terms[1], kept), conj(x), y)


def matvec(x: Array, y: Array) -> Array:
    """A b, matrices times vectors: the last two axes of `x` and the last of `y`; the other axes broadcast.

    Unlike ``x @ y``, it takes every row of a matrix `y` for a vector of its own.

    Raises:
        ValueError: if the axes that are summed over differ in length.

    >>> import minigrad as mg
    >>> mg.matvec(mg.Tensor([[1.0, 2.0], [0.0, 1.0]]), [[3.0, 4.0], [5.0, 6.0]])
    Tensor([[11.,  4.],
            [17.,  6.]])
    """
    _require_matrices_and_vectors("matvec", shape_of(x), shape_of(y), -1)
    return matmul(x, y) if len(shape_of(y)) == 1 else squeeze(matmul(x, expand_dims(y, -1)), -1)


def vecmat(x: Array, y: Array) -> Array:
    """aᵀ B, vectors times matrices: the last axis of `x` and the last two of `y`; the other axes broadcast.

    If a is complex, its conjugate is multiplied, as in NumPy.

    Raises:
        ValueError: if the axes that are summed over differ in length.

    >>> import minigrad as mg
    >>> mg.vecmat(mg.Tensor([3.0, 4.0]), [[1.0, 2.0], [0.0, 1.0]])
    Tensor([ 3., 10.])
    """
    _require_matrices_and_vectors("vecmat", shape_of(y), shape_of(x), -2)
    x = conj(x)
    return matmul(x, y) if len(shape_of(x)) == 1 else squeeze(matmul(expand_dims(x, -2), y), -2)


def _require_matrices_and_vectors(name: str, matrices: tuple[int, ...], vectors: tuple[int, ...], summed: int) -> None:
    if len(matrices) < 2 or not vectors or matrices[summed] != vectors[-1]:
        side = "columns" if summed == -1 else "rows"
        raise ValueError(
            f"{name}: got matrices of shape {matrices} and vectors of shape {vectors}, expected as many {side} as a "
            "vector has elements"
        )


if hasattr(np, "matvec"):  # since NumPy 2.2
    numpy_functions[np.matvec] = matvec
    numpy_functions[np.vecmat] = vecmat


@implements(np.outer)
def outer(x: Array, y: Array) -> Array:
    """x yᵀ: every element of `x` times every element of `y`, both flattened to vectors; shape ``(x.size, y.size)``.

    >>> import minigrad as mg
    >>> mg.outer(mg.Tensor([1.0, 2.0]), [3.0, 4.0])
    Tensor([[3., 4.],
            [6., 8.]])
    """
    return matmul(reshape(x, -1, 1), reshape(y, 1, -1))


@implements(np.linalg.outer)
def _linalg_outer(x: Array, y: Array, /) -> Array:
    if (len(shape_of(x)), len(shape_of(y))) != (1, 1):
        raise ValueError(f"np.linalg.outer: expected two vectors, got shapes {shape_of(x)} and {shape_of(y)}")
    return outer(x, y)


_cross: Primitive = Primitive(  # the volume z̄ · (x × y) stays the same where its three vectors take turns
    "cross",
    lambda x, y: np.cross(x, y),
    lambda z_bar, z, x, y: _cross(y, z_bar),
    lambda z_bar, z, x, y: _cross(z_bar, x),
    symbol="×",
)


@implements(np.cross)
def cross(x: Array, y: Array, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Array:
    """x × y, the vector at right angles to `x` and `y`, as long as the area of the parallelogram between them.

    Arguments:
        x, y: vectors of length 3, along one axis; the other axes broadcast.
        axisa, axisb, axisc: the axis of the vectors in `x`, in `y` and in the result.
        axis: one axis for all three.

    Raises:
        ValueError: if the vectors are not of length 3.

    >>> import minigrad as mg
    >>> mg.cross(mg.Tensor([1.0, 0.0, 0.0]), [0.0, 1.0, 0.0])
    Tensor([0., 0., 1.])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = as_arrays((x, y), "cross")
    lengths = [a.shape[normalize_axis_index(i, a.ndim)] for a, i in ((x, axisa), (y, axisb))]
    if lengths != [3, 3]:
        hint = "; in the plane, x₀ y₁ − x₁ y₀ is the area" if 2 in lengths else ""
        raise ValueError(
            f"cross: got vectors of length {lengths[0]} and {lengths[1]}, along axis {axisa} of shape {x.shape} and "
            f"axis {axisb} of shape {y.shape}, expected 3 and 3{hint}"
        )
    z = _cross(moveaxis(x, axisa, -1), moveaxis(y, axisb, -1))
    return moveaxis(z, -1, axisc)


@implements(np.linalg.cross)
def _linalg_cross(x: Array, y: Array, /, *, axis: int = -1) -> Array:
    return cross(x, y, axis=axis)


@implements(np.linalg.tensordot)
@implements(np.tensordot)
def tensordot(x: Array, y: Array, axes: Any = 2) -> Array:
    """Σ x y over some axes of each; the result has the other axes of `x`, then those of `y`.

    Arguments:
        axes: a pair, the axes of `x` (one, or several) and the axes of `y` that are paired with them; or n, which
            pairs the last n axes of `x` with the first n of `y`.

    Raises:
        ValueError: if paired axes differ in length.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> mg.tensordot(x, [1.0, -1.0], axes=(0, 0))
    Tensor([-3., -3., -3.])
    """
    if isinstance(axes, tuple | list):
        left, right = ([index(part)] if np.ndim(part) == 0 else list(part) for part in axes)
    else:
        if index(axes) < 0:
            raise ValueError(
                f"tensordot: got axes={axes}, expected the number of axes to sum over, or two lists of axes"
            )
        left, right = list(range(-index(axes), 0)), list(range(index(axes)))
    return _contracted("tensordot", x, y, left, right)


def _contracted(name: str, x: Array, y: Array, left: Sequence[int], right: Sequence[int]) -> Array:
    """Σ x y over pairs of axes, `left` those of x and `right` those of y."""
    a, b = shape_of(x), shape_of(y)
    pairs = list(zip(normalize_axis_tuple(left, len(a)), normalize_axis_tuple(right, len(b)), strict=False))
    if len(left) != len(right) or any(a[i] != b[j] for i, j in pairs):
        raise ValueError(
            f"{name}: the axes {tuple(left)} of x {a} and {tuple(right)} of y {b} are summed in pairs, "
            f"but their lengths are {tuple(a[i] for i in left)} and {tuple(b[j] for j in right)}"
        )
    x_term, y_term = list(LETTERS[: len(a)]), list(LETTERS[len(a) : len(a) + len(b)])
    for i, j in pairs:
        y_term[j] = x_term[i]
    kept = [c for c in (*x_term, *y_term) if (c in x_term) != (c in y_term)]
    return einsum(_subscripts(x_term, y_term, kept), x, y, optimize=True)  # as one matrix product


def _subscripts(x_term: Sequence[str], y_term: Sequence[str], output: Sequence[str]) -> str:
    return f"{''.join(x_term)},{''.join(y_term)}->{''.join(output)}"


def _vector(x: Array) -> Array:
    return x if len(shape_of(x)) == 1 else ravel(x)


def _kron_argument(i: int, z_bar: Array, z: Array, *xs: Array) -> Array:
    """Split into blocks, z is an outer product: sum the error signal over the other argument's axes."""
    shapes = [(1,) * (z.ndim - x.ndim) + x.shape for x in xs]
    blocks = z_bar.reshape(tuple(n for pair in zip(*shapes, strict=True) for n in pair))
    letters = LETTERS[: 2 * z.ndim]
    subscripts = _subscripts(letters, letters[1 - i :: 2], letters[i::2])
    other = xs[1 - i].reshape(shapes[1 - i])
    return in_single_precision(lambda blocks: einsum(subscripts, blocks, other), blocks).reshape(xs[i].shape)


_kron = Primitive("kron", np.kron, each=_kron_argument, symbol="⊗")


@implements(np.kron)
def kron(x: Array, y: Array) -> Array:
    """x ⊗ y, the Kronecker product: a block matrix, in which each block is an element of `x` times `y`.

    >>> import minigrad as mg
    >>> mg.kron(mg.Tensor([1.0, 10.0]), [1.0, 2.0])
    Tensor([ 1.,  2., 10., 20.])
    """
    return multiply(x, y) if 0 in (len(shape_of(x)), len(shape_of(y))) else _kron(x, y)


# ---------------------------------------------------------------- products of several matrices
@implements(np.linalg.multi_dot)
def multi_dot(arrays: Sequence[Array]) -> Array:
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    Arguments:
        arrays: matrices; the first may be a vector, taken as a row, and the last one too, taken as a column.

    Raises:
        ValueError: if there are fewer than two, or their shapes do not fit.

    >>> import minigrad as mg
    >>> mg.multi_dot([mg.Tensor([[1.0, 2.0]]), [[0.0, 1.0], [1.0, 0.0]], [3.0, 4.0]])
    Tensor([10.])
    """
    shapes = [shape_of(x) for x in arrays]
    ends = {0, len(shapes) - 1}
    if len(shapes) < 2 or any(len(s) != 2 and not (i in ends and len(s) == 1) for i, s in enumerate(shapes)):
        raise ValueError(
            f"multi_dot: expected two or more matrices, the first and the last may be vectors; got shapes {shapes}"
        )
    # Matrix i has lengths[i] rows and lengths[i + 1] columns.
    lengths = [*(1 if len(s) == 1 and i == 0 else s[0] for i, s in enumerate(shapes)), (*shapes[-1], 1)[1]]
    # For each chain of matrices i … j: the fewest multiplications, and the matrix after which to split it for them.
    best = {(i, i): (0, i) for i in range(len(shapes))}
    for span in range(1, len(shapes)):
        for i in range(len(shapes) - span):
            j = i + span
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + lengths[i] * lengths[k + 1] * lengths[j + 1], k)
                for k in range(i, j)
            )

    def product(i: int, j: int) -> Array:
        k = best[i, j][1]
        return arrays[i] if i == j else matmul(product(i, k), product(k + 1, j))

    return product(0, len(shapes) - 1)


@implements(np.linalg.matrix_power)
def matrix_power(a: Array, n: int) -> Array:
    """Aⁿ, a power of a square matrix, by repeated squaring: in about log₂ n products.

    Arguments:
        a: square matrices, shape ``(…, M, M)``.
        n: an integer; 0 gives the identity matrix, negative ones give powers of the inverse.

    Raises:
        TypeError: if `n` is not an integer.
        ValueError: if the matrices are not square.

    >>> import minigrad as mg
    >>> mg.matrix_power(mg.Tensor([[1.0, 1.0], [0.0, 1.0]]), 10)
    Tensor([[ 1., 10.],
            [ 0.,  1.]])
    """
    shape = shape_of(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError(f"matrix_power: expected square matrices (…, M, M), got shape {shape}")
    n = index(n)
    if n < 0:
        a, n = inv(a), -n
    if n == 0:
        return where(False, a, on_diagonal(np.ones_like(diagonal(a, axis1=-2, axis2=-1))))  # a constant in the graph
    power, result = a, None
    while n:
        if n % 2:
            result = power if result is None else matmul(result, power)
        n //= 2
        power = matmul(power, power) if n else power
    return result
