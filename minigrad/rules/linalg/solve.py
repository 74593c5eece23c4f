"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import solve as kernels

__all__ = ["inv", "pinv", "solve"]


# ---------------------------------------------------------------- solving
def _back(x_bar: Any, A: Any, b: Any) -> Any:
    """b̄ = A⁻ᵀ x̄: the error signal goes back through the transposed system."""
    if b.ndim > 1 or A.ndim == 2:
        return solve(A.mT, x_bar)
    return solve(A.mT, np.expand_dims(x_bar, -1))[..., 0]  # one vector, solved for with each matrix


def _solve_matrix(x_bar: Any, x: Any, A: Any, b: Any) -> Any:
    b_bar = _back(x_bar, A, b)
    if b.ndim == 1:
        return -(np.expand_dims(b_bar, -1) @ np.expand_dims(x, -2))
    return -(b_bar @ x.mT)


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
solve: Primitive = Primitive(
    "solve",
    kernels.solve,
    _solve_matrix,
    lambda x_bar, x, A, b: _back(x_bar, A, b),
    doc="""A⁻¹ b, the solution x of A x = b.

    Arguments:
        A: square matrices, shape ``(…, M, M)``.
        b: a vector, shape ``(M,)``, for all of them; or as many columns as there are systems, ``(…, M, K)``.

    Raises:
        LinAlgError: if a matrix is singular, or the shapes do not fit.

    >>> import minigrad as mg
    >>> mg.solve(mg.Tensor([[2.0, 0.0], [0.0, 4.0]]), mg.Tensor([1.0, 1.0]))
    Tensor([0.5 , 0.25])
    """,
)
_pinv = Primitive(
    "pinv",
    kernels.pinv,
    lambda Y_bar, Y, A, rcond: _pinv_argument(Y_bar, Y, A),
)


def _pinv_argument(Y_bar: Any, Y: Any, A: Any) -> Any:
    """Golub and Pereyra: besides the term of the inverse what lies outside of the columns of A, and of its rows."""
    columns = Y_bar.mT @ Y @ Y.mT
    rows = Y.mT @ Y @ Y_bar.mT
    return (columns - A @ (Y @ columns)) + (rows - (rows @ Y) @ A) - Y.mT @ Y_bar @ Y.mT


@implements(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None, *, rtol: Any = None) -> Any:
    """A⁺, the pseudo-inverse of matrices of any shape: ``A⁺ b`` is the shortest solution of least squares.

    The error signal holds as long as a small change of A does not change its rank, and so wherever the rank
    is full.

    Arguments:
        a: matrices, shape ``(…, M, N)``.
        rcond, rtol: singular values below this part of the largest count as 0; 1e−15 if not said.

    >>> import minigrad as mg
    >>> mg.pinv(mg.Tensor([[2.0], [0.0]]))
    Tensor([[0.5, 0. ]])
    """
    if rcond is not None and rtol is not None:
        raise ValueError("pinv: rcond and rtol are two names for the same; pass one of them")
    small = next((r for r in (rcond, rtol) if r is not None), 1e-15)
    return _pinv(a, rcond=small)


for _function in (inv, solve):
    implements(getattr(np.linalg, _function.name))(_function)
