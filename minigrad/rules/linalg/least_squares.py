"""Linear least squares: the x for which A x comes closest to b.

The rule is that of x = A⁺ b: G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least
squares problems whose variables separate", 1973.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import least_squares as kernels
from minigrad.kernels.linalg.lapack_errors import LinAlgError
from minigrad.rules.convert_arguments import as_arrays
from minigrad.rules.elementwise.complex import conj, real
from minigrad.rules.linalg.decompositions.svd import svdvals
from minigrad.rules.linalg.solve import pinv
from minigrad.rules.manipulation.shape import ravel
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array

__all__ = ["lstsq"]


def _matrix_argument(x_bar: Array, x: Array, A: Array, b: Array, rcond: float | None) -> Array:
    """Ā = −b̄ xᵀ, as of a system with a solution, and a term for the part of b, or of x̄, that A does not reach."""
    rank = kernels.rank(svdvals(unwrap(A)), kernels.cutoff(A, rcond))
    if rank < min(A.shape):
        raise LinAlgError(
            f"lstsq: the matrix of shape {A.shape} has rank {int(rank)}, and where it is not of full rank, "
            f"{min(A.shape)}, the solution has no derivative with respect to it: the smallest change of the matrix may "
            "make it jump. Leave out columns that depend on others, or add a small multiple of the identity to AᵀA"
        )
    if b.ndim == 1:
        x_bar, x, b = (v[:, None] for v in (x_bar, x, b))
    inverse = pinv(A, kernels.cutoff(A, rcond))
    b_bar = inverse.mT @ x_bar
    A_bar = -(b_bar @ x.mT)
    m, n = A.shape
    if m > n:
        A_bar = A_bar + conj(b - A @ x) @ (inverse @ conj(b_bar)).mT
    if m < n:
        A_bar = A_bar + inverse.mT @ conj(x) @ (conj(x_bar) - inverse @ (A @ conj(x_bar))).mT
    return A_bar


def _right_side_argument(x_bar: Array, A: Array, rcond: float | None) -> Array:
    """b̄ = A⁺ᵀ x̄."""
    return pinv(A, kernels.cutoff(A, rcond)).mT @ x_bar


_lstsq = Primitive(
    "lstsq",
    kernels.lstsq,
    _matrix_argument,
    lambda x_bar, x, A, b, rcond: _right_side_argument(x_bar, A, rcond),
)


class LstsqResult(NamedTuple):
    """x with ‖A x − b‖² = residuals, as small as can be."""

    x: Array
    residuals: Array
    rank: Any
    s: Array


@implements(np.linalg.lstsq)
def lstsq(a: Array, b: Array, rcond: float | None = None) -> LstsqResult:
    """The least-squares solution of A x = b, for which ``‖A x − b‖`` is smallest; of several, that of smallest norm.

    It has a derivative with respect to A where A has full rank, min(M, N), and with respect to b everywhere.

    Arguments:
        a: a matrix, shape ``(M, N)``.
        b: right-hand sides: a vector, shape ``(M,)``, or K columns, ``(M, K)``.
        rcond: singular values up to this fraction of the largest one count as 0; by default the precision of the dtype
            times the larger one of M and N.

    Returns:
        A tuple with the fields ``x``, shape ``(N,)`` or ``(N, K)``; ``residuals``, ``‖A x − b‖²`` of each column, shape
        ``(1,)`` or ``(K,)``, empty unless M > N and the rank is N; ``rank``, a whole number; and ``s``, the singular
        values of A.

    Raises:
        LinAlgError: if the shapes do not fit; by ``backward``, if A does not have full rank.

    >>> import minigrad as mg
    >>> t, y = mg.Tensor([0.0, 1.0, 2.0]), mg.Tensor([1.0, 3.0, 5.0])
    >>> A = mg.stack([t**0, t], axis=1)
    >>> mg.lstsq(A, y).x.data.round(6)
    array([1., 2.])
    """
    a, b = as_arrays((a, b), "lstsq")
    x = _lstsq(a, b, rcond=rcond)
    s = svdvals(a)
    rank = kernels.rank(unwrap(s), kernels.cutoff(a, rcond))
    m, n = a.shape
    if m > n == rank:
        difference = b - a @ x
        residuals = ravel(sum(real(difference * conj(difference)), axis=0))
    else:
        residuals = ravel(real(x)[:0])
    return LstsqResult(x, residuals, rank, s)
