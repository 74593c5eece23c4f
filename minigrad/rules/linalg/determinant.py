"""Determinants of square matrices, and their logarithms.

The derivative of a determinant is the matrix of its cofactors (Jacobi's formula), det(A) A⁻ᵀ for an invertible A.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.complex import is_complex
from minigrad.kernels.linalg import determinant as kernels
from minigrad.rules.linalg.solve import inv
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.typing import Array

__all__ = ["det", "slogdet"]

det: Primitive = Primitive(
    "det",
    kernels.det,
    lambda y_bar, y, A: np.expand_dims(y_bar, (-2, -1)) * _cofactor(A),
    doc="""The determinant of square matrices, shape ``(…, M, M)``.

    Its derivative is the matrix of cofactors: det(A) A⁻ᵀ where A is invertible, and finite where it is singular.
    Second derivatives are NaN there.

    Raises:
        LinAlgError: if the matrices are not square.

    >>> import minigrad as mg
    >>> A = mg.Tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    >>> mg.det(A).backward()
    >>> A.grad.round(6)
    array([[ 4., -2.],
           [-2.,  1.]])
    """,
)
_cofactor: Primitive = Primitive(
    "cofactor",
    kernels.cofactor,
    lambda C_bar, C, A: (
        (np.sum(C_bar * C, axis=(-2, -1), keepdims=True) * C - C @ C_bar.mT @ C) / np.expand_dims(det(A), (-2, -1))
    ),
    symbol="cof",
)
implements(np.linalg.det)(det)


_complex_sign: Primitive = Primitive(  # it turns by the imaginary part of tr(A⁻¹ dA)
    "determinant_sign",
    lambda A: kernels.slogdet(A)[0],
    lambda s_bar, s, A: np.expand_dims(-1j * np.real(1j * s_bar * s), (-2, -1)) * inv(A).mT,
    symbol="sign det",
)


class SlogdetResult(NamedTuple):
    """det(A) = sign · exp(logabsdet)."""

    sign: Array
    logabsdet: Array


_slogdet = MultiOutput(
    "slogdet",
    kernels.slogdet,
    Output("slogdet_sign", "sign", None),
    Output("logabsdet", "log|det|", lambda y_bar, A, sign, y: np.expand_dims(y_bar, (-2, -1)) * inv(A).mT),
)
(_logabsdet,) = _slogdet.primitives


@implements(np.linalg.slogdet)
def slogdet(a: Array) -> SlogdetResult:
    """The sign of the determinant and ``log |det A|``, for determinants that would overflow.

    The sign is a constant: its derivative is 0 wherever it exists. Of a complex matrix it is ``det(A) / |det(A)|``,
    which turns as the matrix changes.

    Returns:
        A tuple with the fields ``sign`` and ``logabsdet``, each of shape ``(…)``.

    Raises:
        LinAlgError: if the matrices are not square; by ``backward``, if one is singular.

    >>> import minigrad as mg
    >>> mg.slogdet(mg.Tensor([[1.0, 0.0], [0.0, -1.0]]))
    SlogdetResult(sign=Tensor(-1.), logabsdet=Tensor(0.))
    """
    sign, logabsdet = _slogdet(a)
    return SlogdetResult(_complex_sign(a) if is_complex(sign) else sign, logabsdet)
