"""Linear systems, inverses and pseudo-inverses.

All of them take stacks of matrices, shape ``(…, M, N)``. The rules are those of M. Giles, "Collected matrix derivative
results for forward and reverse mode algorithmic differentiation", 2008, and, for the pseudo-inverse, of G. Golub and
V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", 1973.
"""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import solve as kernels
from minigrad.kernels.overflow_safe_scaling import size_out_of_range
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["inv", "pinv", "solve"]


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
    return solve(A.mT, np.expand_dims(x_bar, -1))[..., 0]  # a stack of matrices, one vector for all of them


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


_pinv = Primitive("pinv", kernels.pinv, lambda Y_bar, Y, A, rcond: _pinv_argument(Y_bar, Y, A))


@implements(np.linalg.pinv)
def pinv(a: Array, rcond: Array = None, *, rtol: Array = None) -> Array:
    """A⁺, the pseudo-inverse of matrices of any shape: ``A⁺ b`` is the least-squares solution of smallest norm.

    The error signal is valid where a small change of A does not change its rank, as at every matrix of full rank.

    Arguments:
        a: matrices, shape ``(…, M, N)``.
        rcond, rtol: singular values below this fraction of the largest one count as 0; 1e−15 by default.

    >>> import minigrad as mg
    >>> mg.pinv(mg.Tensor([[2.0], [0.0]]))
    Tensor([[0.5, 0. ]])
    """
    if rcond is not None and rtol is not None:
        raise ValueError("pinv: rcond and rtol are two names for the same number; pass one of them")
    cutoff = next((r for r in (rcond, rtol) if r is not None), 1e-15)
    return _pinv(a, rcond=cutoff)
