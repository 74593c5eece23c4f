"""Linear systems, of matrices and of tensors, inverses and pseudo-inverses.

All of them take stacks of matrices, shape ``(…, M, N)``. The rules are those of M. Giles, "Collected matrix derivative
results for forward and reverse mode algorithmic differentiation", 2008, and, for the pseudo-inverse, of G. Golub and
V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", 1973.
"""

from __future__ import annotations

from math import prod
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import solve as kernels
from minigrad.kernels.linalg.lapack_errors import LinAlgError
from minigrad.kernels.overflow_safe_scaling import size_out_of_range
from minigrad.rules.convert_arguments import as_array, as_arrays
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint
from minigrad.rules.linalg.conjugate_transpose import hermitian as of_hermitian
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.manipulation.transpose import transpose
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["inv", "pinv", "solve", "tensorinv", "tensorsolve"]


# ---------------------------------------------------------------- square matrices
inv = Primitive(
    "inv",
    kernels.inv,
    lambda Y_bar, Y, A: -(Y.mT @ Y_bar @ Y.mT),
    doc="""A⁻¹, the inverse of square matrices, shape ``(…, M, M)``.

    To solve a system, ``mg.solve(A, b)`` is faster and more precise than ``mg.inv(A) @ b``.

    Raises:
        LinAlgError: if a matrix is singular, or not square.

    >>> import minigrad as mg
    >>> mg.inv(mg.Tensor([[2.0, 0.0], [0.0, 4.0]]))
    Tensor([[0.5 , 0.  ],
            [0.  , 0.25]])
    """,
)
implements(np.linalg.inv)(inv)


def _solve_matrix(x_bar: Array, x: Array, A: Array, b: Array) -> Array:
    """Ā = −b̄ xᵀ."""
    b_bar = _solve_right_side(x_bar, A, b)
    if b.ndim == 1:
        return -(np.expand_dims(b_bar, -1) @ np.expand_dims(x, -2))
    return -(b_bar @ x.mT)


def _solve_right_side(x_bar: Array, A: Array, b: Array) -> Array:
    """b̄ = A⁻ᵀ x̄, the solution of the transposed system."""
    if b.ndim > 1 or A.ndim == 2:
        return solve(A.mT, x_bar)
    return solve(A.mT, np.expand_dims(x_bar, -1)).squeeze(-1)  # a stack of matrices, one vector for all of them


solve: Primitive = Primitive(
    "solve",
    kernels.solve,
    _solve_matrix,
    lambda x_bar, x, A, b: _solve_right_side(x_bar, A, b),
    doc="""A⁻¹ b, the solution x of A x = b.

    Arguments:
        A: square matrices, shape ``(…, M, M)``.
        b: right-hand sides: a vector, shape ``(M,)``, for all matrices, or K columns for each, ``(…, M, K)``.

    Raises:
        LinAlgError: if a matrix is singular, or the shapes do not fit.

    >>> import minigrad as mg
    >>> mg.solve(mg.Tensor([[2.0, 0.0], [0.0, 4.0]]), mg.Tensor([1.0, 1.0]))
    Tensor([0.5 , 0.25])
    """,
)
implements(np.linalg.solve)(solve)


# ---------------------------------------------------------------- matrices of any shape
def _pinv_argument(Y_bar: Array, Y: Array, A: Array) -> Array:
    """The inverse's term, and two for the parts of Ȳ outside the column space and the row space of A."""
    size = size_out_of_range(unwrap(A), 3)
    if size is not None:
        return _pinv_argument(Y_bar, Y * size, A / size) / size / size
    columns = Y_bar.mT @ Y @ adjoint(Y)
    rows = adjoint(Y) @ Y @ Y_bar.mT
    outside = (columns - A @ (Y @ columns)) + (rows - (rows @ Y) @ A)
    return conj(outside) - Y.mT @ Y_bar @ Y.mT


def _from_lower(A: Array) -> Array:
    """The Hermitian matrix whose lower triangle is that of A."""
    return np.tril(A, -1) + adjoint(np.tril(A))


def _pinv_rule(Y_bar: Array, Y: Array, A: Array, rcond: Array, hermitian: bool = False) -> Array:
    return of_hermitian(_pinv_argument(Y_bar, Y, _from_lower(A))) if hermitian else _pinv_argument(Y_bar, Y, A)


_pinv = Primitive("pinv", kernels.pinv, _pinv_rule)


@implements(np.linalg.pinv)
def pinv(a: Array, rcond: Array = None, hermitian: bool = False, *, rtol: Array = None) -> Array:
    """A⁺, the pseudo-inverse of matrices of any shape: ``A⁺ b`` is the least-squares solution of smallest norm.

    The error signal is valid where a small change of A does not change its rank, as at every matrix of full rank.

    Arguments:
        a: matrices, shape ``(…, M, N)``.
        rcond, rtol: singular values below this fraction of the largest one count as 0; 1e−15 by default.
        hermitian: whether the matrices are symmetric, or Hermitian. Their lower triangle alone is read, and their error
            signal is symmetric, as that of `eigh`.

    Raises:
        ValueError: if both `rcond` and `rtol` are given.
        LinAlgError: if the matrices are not square, with `hermitian`.

    >>> import minigrad as mg
    >>> mg.pinv(mg.Tensor([[2.0], [0.0]]))
    Tensor([[0.5, 0. ]])
    """
    if rcond is not None and rtol is not None:
        raise ValueError("pinv: rcond and rtol are two names for the same number; pass one of them")
    cutoff = next((r for r in (rcond, rtol) if r is not None), 1e-15)
    return _pinv(a, rcond=cutoff, **({"hermitian": True} if hermitian else {}))


# ---------------------------------------------------------------- systems of tensors
@implements(np.linalg.tensorinv)
def tensorinv(a: Array, ind: int = 2) -> Array:
    """The inverse of `a` as a linear map: ``tensordot(tensorinv(a), tensordot(a, x, x.ndim), ind)`` is x.

    Arguments:
        a: an array whose first `ind` axes have as many elements as the others.
        ind: how many of the axes of `a` come first; the inverse has them last.

    Raises:
        LinAlgError: if `a` is singular, or the numbers of elements differ.
        ValueError: if `ind` is not positive.

    >>> import minigrad as mg
    >>> mg.tensorinv(mg.Tensor([[2.0, 0.0], [0.0, 4.0]]), ind=1)
    Tensor([[0.5 , 0.  ],
            [0.  , 0.25]])
    """
    a = as_array(a, "tensorinv")
    if index(ind) <= 0:
        raise ValueError(f"tensorinv: got ind={ind}, expected a number of axes, at least 1")
    left, right = a.shape[:ind], a.shape[ind:]
    if prod(left) != prod(right):
        raise LinAlgError(
            f"tensorinv: the first {ind} axes of shape {a.shape} have {prod(left)} elements and the others "
            f"{prod(right)}; they must be as many"
        )
    return reshape(inv(reshape(a, prod(left), -1)), (*right, *left))


@implements(np.linalg.tensorsolve)
def tensorsolve(a: Array, b: Array, axes: Any = None) -> Array:
    """The x with ``tensordot(a, x, x.ndim) == b``.

    Arguments:
        a: an array whose first axes are those of `b`; the others, with as many elements, are the axes of x.
        b: the right-hand side.
        axes: axes of `a` that are moved to its end before.

    Raises:
        LinAlgError: if `a` is singular, or the numbers of elements differ.

    >>> import minigrad as mg
    >>> mg.tensorsolve(mg.Tensor([[2.0, 0.0], [0.0, 4.0]]), [1.0, 1.0])
    Tensor([0.5 , 0.25])
    """
    a, b = as_arrays((a, b), "tensorsolve")
    if axes is not None:
        moved = [normalize_axis_index(i, a.ndim) for i in axes]
        a = transpose(a, (*(i for i in range(a.ndim) if i not in moved), *moved))
    shape = a.shape[b.ndim :]
    if a.size != prod(shape) ** 2 or b.size != prod(shape):
        raise LinAlgError(
            f"tensorsolve: a has shape {a.shape} and b {b.shape}; the first {b.ndim} axes of a and the others, "
            f"{shape}, must have as many elements as b, {b.size}"
        )
    return reshape(solve(reshape(a, b.size, b.size), reshape(b, -1)), shape)
