"""Sums of products over any axes.

``einsum`` says which axes are multiplied and which are summed, in letters: Σⱼ Aᵢⱼ Bⱼₖ is ``"ij,jk->ik"``.
For z = Σⱼ Aᵢⱼ Bⱼₖ the error signal of A is Āᵢⱼ = Σₖ z̄ᵢₖ Bⱼₖ: the letters of z and of A have changed places.
So einsum is its own derivative, and what is made of it can be differentiated any number of times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.rules.arguments import shape_of
from minigrad.rules.elementwise.arithmetic import multiply
from minigrad.rules.linalg.diagonal import diagonal, on_diagonal
from minigrad.rules.linalg.einsum import einsum_primitive
from minigrad.rules.linalg.einsum_subscripts import LETTERS
from minigrad.rules.linalg.matmul import matmul
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.select import where
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.manipulation.transpose import transpose

__all__ = ["dot", "inner", "kron", "matrix_power", "multi_dot", "outer", "tensordot", "vdot", "vecdot"]


# ---------------------------------------------------------------- products of two arrays
@implements(np.dot)
def dot(x: Any, y: Any) -> Any:
    """Σ x y over the last axis of `x` and the last but one of `y`, or its only one; of a number, the multiple.

    Unlike ``x @ y``, it pairs every matrix of one stack with every matrix of the other.

    Raises:
        ValueError: if those lengths differ.

    >>> import minigrad as mg
    >>> mg.dot(mg.Tensor([1.0, 2.0]), [3.0, 4.0])
    Tensor(11.)
    """
    ndims = len(shape_of(x)), len(shape_of(y))
    if 0 in ndims:
        return multiply(x, y)
    return matmul(x, y) if ndims[0] == 1 or ndims[1] <= 2 else _contracted("dot", x, y, [-1], [-2])


@implements(np.inner)
def inner(x: Any, y: Any) -> Any:
    """Σ x y over the last axis of both: the dot product of every vector of `x` with every vector of `y`.

    Raises:
        ValueError: if those lengths differ.

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
def vdot(x: Any, y: Any) -> Any:
    """Σ x y over all elements: the dot product of two arrays of the same size, read as vectors.

    Raises:
        ValueError: if the sizes differ.

    >>> import minigrad as mg
    >>> mg.vdot(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]), mg.Tensor([[1.0, 0.0], [0.0, 1.0]]))
    Tensor(5.)
    """
    sizes = math.prod(shape_of(x)), math.prod(shape_of(y))
    if sizes[0] != sizes[1]:
        raise ValueError(f"vdot: x has {sizes[0]} elements (shape {shape_of(x)}) and y {sizes[1]} ({shape_of(y)})")
    return matmul(_vector(x), _vector(y))


@implements(np.linalg.vecdot)
@implements(np.vecdot)
def vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    """Σ x y over one axis of both, the last if not said; the other axes broadcast.

    Raises:
        ValueError: if the lengths of that axis differ.

    >>> import minigrad as mg
    >>> mg.vecdot(mg.Tensor([[1.0, 2.0], [0.0, 1.0]]), [3.0, 4.0])
    Tensor([11.,  4.])
    """
    shapes = shape_of(x), shape_of(y)
    places = [normalize_axis_index(axis, len(shape)) for shape in shapes]
    if shapes[0][places[0]] != shapes[1][places[1]]:
        raise ValueError(f"vecdot: x has shape {shapes[0]} and y {shapes[1]}, whose lengths of axis {axis} differ")
    *further, summed = list(LETTERS[: max(map(len, shapes))])
    terms = [further[len(further) - len(shape) + 1 :] for shape in shapes]
    for term, place in zip(terms, places, strict=True):
        term.insert(place, summed)
    return einsum_primitive(x, y, subscripts=_written(terms[0], terms[1], further), optimize=False)


@implements(np.outer)
def outer(x: Any, y: Any) -> Any:
    """x yᵀ: every element of `x` times every element of `y`, both read as vectors; shape ``(x.size, y.size)``.

    >>> import minigrad as mg
    >>> mg.outer(mg.Tensor([1.0, 2.0]), [3.0, 4.0])
    Tensor([[3., 4.],
            [6., 8.]])
    """
    return matmul(reshape(x, -1, 1), reshape(y, 1, -1))


@implements(np.linalg.outer)
def _linalg_outer(x: Any, y: Any, /) -> Any:
    if (len(shape_of(x)), len(shape_of(y))) != (1, 1):
        raise ValueError(f"np.linalg.outer: expected two vectors, got shapes {shape_of(x)} and {shape_of(y)}")
    return outer(x, y)


@implements(np.linalg.tensordot)
@implements(np.tensordot)
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    """Σ x y over some axes of each; the other axes of `x`, then those of `y`, are the axes of the result.

    Arguments:
        axes: a pair, the axes of `x` (one, or several) and those of `y` that go with them; or a number: so many of
            the last axes of `x` with the first of `y`.

    Raises:
        ValueError: if the lengths of the axes differ.

    >>> import minigrad as mg
    >>> x = mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> mg.tensordot(x, [1.0, -1.0], axes=(0, 0))
    Tensor([-3., -3., -3.])
    """
    if isinstance(axes, tuple | list):
        left, right = ([index(part)] if np.ndim(part) == 0 else list(part) for part in axes)
    else:
        if index(axes) < 0:
            raise ValueError(f"tensordot: got axes={axes}, expected how many axes to sum over, or two lists of them")
        left, right = list(range(-index(axes), 0)), list(range(index(axes)))
    return _contracted("tensordot", x, y, left, right)


def _contracted(name: str, x: Any, y: Any, left: Sequence[int], right: Sequence[int]) -> Any:
    """Σ x y over these axes of `x` and of `y`."""
    a, b = shape_of(x), shape_of(y)
    pairs = list(zip(normalize_axis_tuple(left, len(a)), normalize_axis_tuple(right, len(b)), strict=False))
    if len(left) != len(right) or any(a[i] != b[j] for i, j in pairs):
        raise ValueError(
            f"{name}: the axes {tuple(left)} of x {a} and {tuple(right)} of y {b} are summed in pairs, "
            f"but their lengths are {tuple(a[i] for i in left)} and {tuple(b[j] for j in right)}"
        )
    of_x, of_y = list(LETTERS[: len(a)]), list(LETTERS[len(a) : len(a) + len(b)])
    for i, j in pairs:
        of_y[j] = of_x[i]
    kept = [c for c in (*of_x, *of_y) if (c in of_x) != (c in of_y)]
    return einsum_primitive(x, y, subscripts=_written(of_x, of_y, kept), optimize=True)  # as one matrix product


def _written(of_x: Sequence[str], of_y: Sequence[str], of_result: Sequence[str]) -> str:
    return f"{''.join(of_x)},{''.join(of_y)}->{''.join(of_result)}"


def _vector(x: Any) -> Any:
    return x if len(shape_of(x)) == 1 else reshape(x, -1)


def _kron_argument(i: int, z_bar: Any, z: Any, *xs: Any) -> Any:
    """z, taken apart into blocks, is an outer product: sum the error signal over the other argument's axes."""
    shapes = [(1,) * (z.ndim - x.ndim) + x.shape for x in xs]
    blocks = z_bar.reshape(tuple(n for pair in zip(*shapes, strict=True) for n in pair))
    letters = LETTERS[: 2 * z.ndim]
    mine, its = letters[i::2], letters[1 - i :: 2]
    other = xs[1 - i].reshape(shapes[1 - i])
    return einsum_primitive(blocks, other, subscripts=f"{letters},{its}->{mine}", optimize=False).reshape(xs[i].shape)


_kron = Primitive("kron", np.kron, each=_kron_argument, symbol="⊗")


@implements(np.kron)
def kron(x: Any, y: Any) -> Any:
    """x ⊗ y, the Kronecker product: a block matrix, each block an element of `x` times all of `y`.

    >>> import minigrad as mg
    >>> mg.kron(mg.Tensor([1.0, 10.0]), [1.0, 2.0])
    Tensor([ 1.,  2., 10., 20.])
    """
    return multiply(x, y) if 0 in (len(shape_of(x)), len(shape_of(y))) else _kron(x, y)


# ---------------------------------------------------------------- products of more matrices
@implements(np.linalg.multi_dot)
def multi_dot(arrays: Sequence[Any]) -> Any:
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    Arguments:
        arrays: matrices; the first may be a row and the last a column, each a vector.

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
    # The lengths between the matrices: matrix i has lengths[i] rows and lengths[i + 1] columns.
    lengths = [*(1 if len(s) == 1 and i == 0 else s[0] for i, s in enumerate(shapes)), (*shapes[-1], 1)[1]]
    # For each chain of neighbours: the multiplications it takes, and where it is best divided.
    best = {(i, i): (0, i) for i in range(len(shapes))}
    for more in range(1, len(shapes)):
        for i in range(len(shapes) - more):
            j = i + more
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + lengths[i] * lengths[k + 1] * lengths[j + 1], k)
                for k in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        k = best[i, j][1]
        return arrays[i] if i == j else matmul(product(i, k), product(k + 1, j))

    return product(0, len(shapes) - 1)


@implements(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """Aⁿ, the product of n times the same square matrix: by squaring, in about log₂ n products.

    Arguments:
        a: square matrices, shape ``(…, M, M)``.
        n: a whole number; 0 gives the identity matrix, a negative one powers of the inverse.

    Raises:
        TypeError: if `n` is no whole number.
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
    if n == 0:
        return where(False, a, on_diagonal(np.ones_like(diagonal(a, axis1=-2, axis2=-1))))
    power, result = inv(a) if n < 0 else a, None
    n = abs(n)
    while n:
        if n % 2:
            result = power if result is None else matmul(result, power)
        n //= 2
        power = matmul(power, power) if n else power
    return result
