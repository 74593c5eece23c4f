"""The QR decomposition of stacks of matrices, A = Q R.

The rules are those of S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions", 2010, and of
M. Seeger and others, "Auto-differentiating linear algebra", 2017.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint
from minigrad.rules.linalg.decompositions.cholesky import lower_half
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.typing import Array

__all__ = ["qr"]


class QRResult(NamedTuple):
    """A = Q R."""

    Q: Array
    R: Array


def _from_lower(M: Array) -> Array:
    """The symmetric or Hermitian matrix whose lower triangle is that of M."""
    half = lower_half(M)
    return half + adjoint(half)


def _q_argument(Q_bar: Array, A: Array, Q: Array, R: Array) -> Array:
    """Q depends on the first columns of A alone, as many as Q has: a wide matrix has more."""
    n = Q.shape[-1]
    X_bar = (Q_bar - conj(Q @ _from_lower(Q_bar.mT @ Q))) @ inv(R[..., :n]).mT
    return _first_columns(X_bar, A)


def _r_argument(R_bar: Array, A: Array, Q: Array, R: Array) -> Array:
    """For a wide A = [X Y], R = [U V] with X = Q U and V = Qᴴ Y."""
    n = Q.shape[-1]
    if A.shape[-1] == n:
        return conj(Q @ _from_lower(R @ R_bar.mT)) @ inv(R).mT
    U, V, U_bar, V_bar = R[..., :n], R[..., n:], R_bar[..., :n], R_bar[..., n:]
    through_q = V @ V_bar.mT
    X_bar = conj(Q @ (through_q + _from_lower(U @ U_bar.mT - adjoint(through_q)))) @ inv(U).mT
    return _first_columns(X_bar, A) + scatter(conj(Q) @ V_bar, index=(Ellipsis, slice(n, None)), shape=A.shape)


def _first_columns(X_bar: Array, A: Array) -> Array:
    """The error signal of A from that of its first columns; the others get 0."""
    n = X_bar.shape[-1]
    return X_bar if A.shape[-1] == n else scatter(X_bar, index=(Ellipsis, slice(n)), shape=A.shape)


_qr = MultiOutput(
    "qr",
    kernels.qr,
    Output("qr_q", "Q", _q_argument),
    Output("qr_r", "R", _r_argument),
)
_qr_q, _qr_r = _qr.primitives


@implements(np.linalg.qr)
def qr(a: Array, mode: str = "reduced") -> Array:
    """A = Q R, with orthonormal columns in Q and an upper triangular R, whose diagonal is real.

    Arguments:
        a: matrices, shape ``(…, M, N)``, whose first K columns are linearly independent; K is the smaller of M and N.
        mode: ``"reduced"``, or ``"r"`` for R alone.

    Returns:
        A tuple with the fields ``Q``, shape ``(…, M, K)``, and ``R``, shape ``(…, K, N)``.

    Raises:
        ValueError: for another `mode`: A does not determine the additional columns of Q.
        LinAlgError: by ``backward``, if the first K columns are linearly dependent.

    >>> import minigrad as mg
    >>> Q, R = mg.qr(mg.Tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> abs(R.data).round(6)
    array([[5. , 2.2],
           [0. , 0.4]])
    """
    if mode not in ("reduced", "r"):
        raise ValueError(f"qr: mode {mode!r} has no derivative; pass 'reduced' for Q and R, or 'r' for R alone")
    return _qr_r(a) if mode == "r" else QRResult(*_qr(a))
