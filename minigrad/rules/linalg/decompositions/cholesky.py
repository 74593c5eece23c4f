"""The Cholesky decomposition, A = L Lᵀ, of stacks of symmetric positive definite matrices.

The rule is that of I. Murray, "Differentiation of the Cholesky decomposition", 2016. It gives a symmetric matrix a
symmetric error signal. NumPy reads one triangle alone; we differentiate the function of a symmetric matrix, whose two
triangles change together.
"""

from __future__ import annotations

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint, hermitian
from minigrad.rules.linalg.solve import inv
from minigrad.typing import Array

__all__ = ["cholesky"]

lower_half: Primitive = Primitive("lower_half", kernels.lower_half, lambda Y_bar, Y, X: lower_half(Y_bar), symbol="Φ")


def _cholesky_argument(L_bar: Array, L: Array, A: Array) -> Array:
    L_inv = inv(L)
    return L_inv.mT @ hermitian(lower_half(L.mT @ L_bar)) @ conj(L_inv)


_cholesky = Primitive("cholesky", kernels.cholesky, _cholesky_argument)


@implements(np.linalg.cholesky)
def cholesky(a: Array, /, *, upper: bool = False) -> Array:
    """The lower triangular L with A = L Lᵀ, for symmetric positive definite matrices; complex ones are Hermitian.

    The error signal of A is symmetric, or Hermitian.

    Arguments:
        a: symmetric matrices, shape ``(…, M, M)``; the lower triangle is read.
        upper: return the upper triangular Lᵀ (of complex matrices Lᴴ) instead, and read the upper triangle.

    Raises:
        LinAlgError: if a matrix is not positive definite, or not square.

    >>> import minigrad as mg
    >>> mg.cholesky(mg.Tensor([[4.0, 2.0], [2.0, 5.0]]))
    Tensor([[2., 0.],
            [1., 2.]])
    """
    return adjoint(_cholesky(adjoint(as_array(a, "cholesky")))) if upper else _cholesky(a)
