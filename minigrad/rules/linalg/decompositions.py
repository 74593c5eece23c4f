"""Inverses, determinants and decompositions of square and other matrices.

All of them take stacks of matrices, shape ``(…, M, N)``. The rules are in the literature as they stand here:

- M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", 2008:
  inverse, solution, determinant, eigenvalues.
- I. Murray, "Differentiation of the Cholesky decomposition", 2016.
- J. Townsend, "Differentiating the singular value decomposition", 2016.
- S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions", 2010, and M. Seeger and others,
  "Auto-differentiating linear algebra", 2017: QR, and the others again.
- G. Golub, V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", 1973.

A symmetric matrix, of ``cholesky`` and ``eigh``, gets a symmetric error signal: NumPy reads one triangle, but what is
differentiated is the function of a matrix both of whose triangles change alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.arguments import shape_of
from minigrad.rules.linalg.determinant import slogdet_outputs
from minigrad.rules.linalg.diagonal import on_diagonal as diag
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.multi_output import MultiOutput, Output

__all__ = ["cholesky", "eigh", "eigvalsh", "qr", "svd", "svdvals"]


def _symmetric(M: Any) -> Any:
    return (M + M.mT) / 2


(_logabsdet,) = slogdet_outputs.primitives


# ---------------------------------------------------------------- symmetric matrices
_lower_half: Primitive = Primitive("lower_half", kernels.lower_half, lambda Y_bar, Y, X: _lower_half(Y_bar), symbol="Φ")
_reciprocal_gaps = Primitive(
    "reciprocal_gaps",
    kernels.reciprocal_gaps,
    lambda F_bar, F, x: np.sum(F_bar * F * F, axis=-1) - np.sum(F_bar * F * F, axis=-2),
    symbol="F",
)


def _cholesky_argument(L_bar: Any, L: Any, A: Any) -> Any:
    L_inv = inv(L)
    return L_inv.mT @ _symmetric(_lower_half(L.mT @ L_bar)) @ L_inv


_cholesky = Primitive("cholesky", kernels.cholesky, _cholesky_argument)


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """The lower triangular L with A = L Lᵀ, of symmetric matrices whose eigenvalues are positive.

    The error signal of A is symmetric.

    Arguments:
        a: symmetric matrices, shape ``(…, M, M)``; the lower triangle is read.
        upper: the upper triangular Lᵀ instead, from the upper triangle.

    Raises:
        LinAlgError: if an eigenvalue is not positive, or the matrices are not square.

    >>> import minigrad as mg
    >>> mg.cholesky(mg.Tensor([[4.0, 2.0], [2.0, 5.0]]))
    Tensor([[2., 0.],
            [1., 2.]])
    """
    return _transposed(_cholesky(_transposed(a))) if upper else _cholesky(a)


def _transposed(a: Any) -> Any:
    return np.swapaxes(a, -1, -2)


class EighResult(NamedTuple):
    """A = V diag(λ) Vᵀ."""

    eigenvalues: Any
    eigenvectors: Any


def _turned(V_bar: Any, V: Any, x: Any) -> Any:
    """Eigenvectors turn towards one another, the faster the closer their eigenvalues are."""
    turned = V.mT @ V_bar
    return V @ (_reciprocal_gaps(x) * (turned - turned.mT)) @ V.mT / 2


_eigh = MultiOutput(
    kernels.eigh,
    Output("eigenvalues", "λ", lambda x_bar, A, x, V: V @ diag(x_bar) @ V.mT),
    Output("eigenvectors", "V", lambda V_bar, A, x, V: _turned(V_bar, V, x)),
)
_eigenvalues, _eigenvectors = _eigh.primitives


@implements(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:
    """Eigenvalues, in ascending order, and eigenvectors of symmetric matrices: A = V diag(λ) Vᵀ.

    The error signal of A is symmetric. Where eigenvalues are equal, single eigenvectors have no derivative, and
    what depends on them gets infinite or NaN error signals; what depends on eigenvalues alone does not. The
    signs of eigenvectors are arbitrary: a loss should not depend on them.

    Arguments:
        a: symmetric matrices, shape ``(…, M, M)``.
        UPLO: which triangle is read, ``"L"`` or ``"U"``.

    Returns:
        A tuple with the fields ``eigenvalues``, shape ``(…, M)``, and ``eigenvectors``, as columns of ``(…, M, M)``.

    Raises:
        LinAlgError: if the matrices are not square.
        ValueError: if `UPLO` is something else.

    >>> import minigrad as mg
    >>> mg.eigh(mg.Tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    Tensor([1., 2.])
    """
    return EighResult(*_eigh(_triangle("eigh", a, UPLO)))


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    """Eigenvalues of symmetric matrices, in ascending order; see `eigh`.

    >>> import minigrad as mg
    >>> mg.eigvalsh(mg.Tensor([[2.0, 0.0], [0.0, 1.0]]))
    Tensor([1., 2.])
    """
    return _eigenvalues(_triangle("eigvalsh", a, UPLO))


def _triangle(name: str, a: Any, UPLO: str) -> Any:
    """`a`, whose lower triangle is read, or its transpose."""
    if UPLO not in ("L", "l", "U", "u"):
        raise ValueError(f"{name}: UPLO says which triangle is read, 'L' or 'U'; got {UPLO!r}")
    return _transposed(a) if UPLO in "Uu" else a


# ---------------------------------------------------------------- matrices of any shape
class SVDResult(NamedTuple):
    """A = U diag(S) Vh."""

    U: Any
    S: Any
    Vh: Any


def _left_vectors(U_bar: Any, U: Any, s: Any, Vt: Any) -> Any:
    """Townsend: how the vectors turn among themselves, and, of a tall matrix, out of the space they span."""
    turned = U.mT @ U_bar
    among = U @ (_reciprocal_gaps(s * s) * (turned - turned.mT)) @ diag(s) @ Vt
    if U.shape[-2] == U.shape[-1]:
        return among
    return among + (U_bar - U @ turned) @ diag(1 / s) @ Vt


_svd = MultiOutput(
    kernels.svd,
    Output("left_singular_vectors", "U", lambda U_bar, A, U, s, Vt: _left_vectors(U_bar, U, s, Vt)),
    Output("singular_values", "s", lambda s_bar, A, U, s, Vt: U @ diag(s_bar) @ Vt),
    Output("right_singular_vectors", "Vᵀ", lambda Vt_bar, A, U, s, Vt: _left_vectors(Vt_bar.mT, Vt.mT, s, U.mT).mT),
)
_left_singular_vectors, _singular_values, _right_singular_vectors = _svd.primitives


@implements(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """The singular value decomposition A = U diag(S) Vh, singular values in descending order.

    Where singular values are equal, or one is 0 and the matrix is not square, single vectors have no derivative, and
    what depends on them gets infinite or NaN error signals; what depends on singular values alone does not. The
    signs of the vectors are arbitrary: a loss should not depend on them.

    Arguments:
        a: matrices, shape ``(…, M, N)``; K is the smaller of M and N.
        full_matrices: must be ``False`` unless M = N: the further vectors are not determined by A.
        compute_uv: whether to compute U and Vh.

    Returns:
        A tuple with the fields ``U``, shape ``(…, M, K)``, ``S``, ``(…, K)``, and ``Vh``, ``(…, K, N)``;
        without `compute_uv` the singular values alone.

    Raises:
        ValueError: if the full matrices are asked for.

    >>> import minigrad as mg
    >>> U, S, Vh = mg.svd(mg.Tensor([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]]), full_matrices=False)
    >>> U.shape, S, Vh.shape
    ((3, 2), Tensor([2., 1.]), (2, 2))
    """
    if not compute_uv:
        return _singular_values(a)
    shape = shape_of(a)
    if full_matrices and len(shape) > 1 and shape[-1] != shape[-2]:
        raise ValueError(
            f"svd: of shape {shape} the full matrices are not determined, and have no derivative; "
            "pass full_matrices=False"
        )
    return SVDResult(*_svd(a))


@implements(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    """Singular values, in descending order; see `svd`.

    >>> import minigrad as mg
    >>> mg.svdvals(mg.Tensor([[0.0, 2.0], [1.0, 0.0]]))
    Tensor([2., 1.])
    """
    return _singular_values(x)


class QRResult(NamedTuple):
    """A = Q R."""

    Q: Any
    R: Any


def _from_lower(M: Any) -> Any:
    """The symmetric matrix with the lower triangle of M."""
    half = _lower_half(M)
    return half + half.mT


def _q_argument(Q_bar: Any, A: Any, Q: Any, R: Any) -> Any:
    """Q comes from the first columns, as many as rows; the columns of a wide matrix behind them do not matter."""
    n = Q.shape[-1]
    X_bar = (Q_bar - Q @ _from_lower(Q_bar.mT @ Q)) @ inv(R[..., :n]).mT
    return _beside(X_bar, A)


def _r_argument(R_bar: Any, A: Any, Q: Any, R: Any) -> Any:
    """For A = [X Y], R is [U V], with X = Q U and V = Qᵀ Y."""
    n = Q.shape[-1]
    if A.shape[-1] == n:
        return Q @ _from_lower(R @ R_bar.mT) @ inv(R).mT
    U, V, U_bar, V_bar = R[..., :n], R[..., n:], R_bar[..., :n], R_bar[..., n:]
    through_q = V @ V_bar.mT
    X_bar = Q @ (through_q + _from_lower(U @ U_bar.mT - through_q.mT)) @ inv(U).mT
    return _beside(X_bar, A) + scatter(Q @ V_bar, index=(Ellipsis, slice(n, None)), shape=A.shape)


def _beside(X_bar: Any, A: Any) -> Any:
    """The error signal of the first columns, with 0 for the others."""
    n = X_bar.shape[-1]
    return X_bar if A.shape[-1] == n else scatter(X_bar, index=(Ellipsis, slice(n)), shape=A.shape)


_qr = MultiOutput(
    kernels.qr,
    Output("qr_q", "Q", _q_argument),
    Output("qr_r", "R", _r_argument),
)
_qr_q, _qr_r = _qr.primitives


@implements(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    """A = Q R, with orthonormal columns in Q and an upper triangular R.

    Arguments:
        a: matrices, shape ``(…, M, N)``, whose first K columns are independent; K is the smaller of M and N.
        mode: ``"reduced"``, or ``"r"`` for R alone.

    Returns:
        A tuple with the fields ``Q``, shape ``(…, M, K)``, and ``R``, shape ``(…, K, N)``.

    Raises:
        ValueError: for another `mode`: the further columns of Q are not determined by A.
        LinAlgError: by ``backward``, if the first K columns are not independent.

    >>> import minigrad as mg
    >>> Q, R = mg.qr(mg.Tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> abs(R.data).round(6)
    array([[5. , 2.2],
           [0. , 0.4]])
    """
    if mode not in ("reduced", "r"):
        raise ValueError(f"qr: mode {mode!r} has no derivative; 'reduced' gives Q and R, 'r' gives R alone")
    return _qr_r(a) if mode == "r" else QRResult(*_qr(a))
