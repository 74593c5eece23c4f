"""Cholesky, eigenvalue, singular value and QR decompositions.

All of them take stacks of matrices, shape ``(…, M, N)``. The rules are those of the literature:

- Cholesky: I. Murray, "Differentiation of the Cholesky decomposition", 2016.
- Eigenvalues: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
  differentiation", 2008.
- SVD: J. Townsend, "Differentiating the singular value decomposition", 2016.
- QR: S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions", 2010, and M. Seeger and others,
  "Auto-differentiating linear algebra", 2017, which also has the others.

``cholesky`` and ``eigh`` of a symmetric matrix give it a symmetric error signal. NumPy reads one triangle alone; we
differentiate the function of a symmetric matrix, whose two triangles change together.

Complex matrices have conjugates where real ones have none: of real numbers, `conj` is the number itself, and `adjoint`
the transpose.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.complex import is_complex
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.rules.elementwise.arithmetic import sign
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint, hermitian
from minigrad.rules.linalg.diagonal import on_diagonal as diag
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.indexing import scatter
from minigrad.rules.manipulation.select import where
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.safe_division import safe_divide
from minigrad.typing import Array

__all__ = ["cholesky", "eigh", "eigvalsh", "qr", "svd", "svdvals"]


# ---------------------------------------------------------------- what the rules share
_lower_half: Primitive = Primitive("lower_half", kernels.lower_half, lambda Y_bar, Y, X: _lower_half(Y_bar), symbol="Φ")
_reciprocal_gaps = Primitive(
    "reciprocal_gaps",
    kernels.reciprocal_gaps,
    lambda F_bar, F, x, used: np.sum(F_bar * F * F, axis=-1) - np.sum(F_bar * F * F, axis=-2),
    symbol="F",
)


def _used(V_bar: Array) -> Array:
    """Which vectors, the columns of V, have an error signal. Those that have none may tie: 0 · ∞ is 0 for them.

    Forward mode, which records the rule with zeros, and a loss of which nothing is known use all of them.
    """
    used = np.any(unwrap(V_bar) != 0, axis=-2)
    return used if np.any(used) else ~used


# ---------------------------------------------------------------- Cholesky
def _cholesky_argument(L_bar: Array, L: Array, A: Array) -> Array:
    L_inv = inv(L)
    return L_inv.mT @ hermitian(_lower_half(L.mT @ L_bar)) @ conj(L_inv)


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


# ---------------------------------------------------------------- eigenvalues of symmetric matrices
class EighResult(NamedTuple):
    """A = V diag(λ) Vᵀ."""

    eigenvalues: Array
    eigenvectors: Array


def _eigenvectors_argument(V_bar: Array, V: Array, x: Array) -> Array:
    """Eigenvectors rotate towards one another, the faster the closer their eigenvalues are."""
    rotation = V.mT @ V_bar
    gaps = _reciprocal_gaps(x, used=_used(V_bar))
    return conj(V) @ (gaps * (rotation - adjoint(rotation))) @ V.mT / 2


_eigh = MultiOutput(
    "eigh",
    kernels.eigh,
    Output("eigenvalues", "λ", lambda x_bar, A, x, V: conj(V) @ diag(x_bar) @ V.mT),
    Output("eigenvectors", "V", lambda V_bar, A, x, V: _eigenvectors_argument(V_bar, V, x)),
)
_eigenvalues, _eigenvectors = _eigh.primitives


@implements(np.linalg.eigh)
def eigh(a: Array, UPLO: str = "L") -> EighResult:
    """Eigenvalues, in ascending order, and eigenvectors of symmetric matrices: A = V diag(λ) Vᵀ.

    Complex matrices are Hermitian, A = V diag(λ) Vᴴ, and their eigenvalues are real.

    The error signal of A is symmetric. Where eigenvalues are equal, to within rounding, their eigenvectors have no
    derivative: a loss that depends on them gives NaN error signals, also if it is a smooth function of A such as
    V exp(λ) Vᵀ. One that depends on eigenvalues, or on the vectors of other eigenvalues, does not. The signs of
    eigenvectors are arbitrary, and the phases of complex ones, which are differentiated as if the first element of
    each kept its own (for ``"U"`` the last): a loss should not depend on them.

    Arguments:
        a: symmetric matrices, shape ``(…, M, M)``.
        UPLO: which triangle is read, ``"L"`` or ``"U"``.

    Returns:
        A tuple with the fields ``eigenvalues``, shape ``(…, M)``, and ``eigenvectors``, as columns of ``(…, M, M)``.

    Raises:
        LinAlgError: if the matrices are not square.
        ValueError: if `UPLO` is neither.

    >>> import minigrad as mg
    >>> mg.eigh(mg.Tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    Tensor([1., 2.])
    """
    x, V = _eigh(a, **_triangle("eigh", UPLO))
    if is_complex(V):
        V = V * _still(V[..., :1, :] if UPLO in "Ll" else V[..., -1:, :])
    return EighResult(x, V)


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Array, UPLO: str = "L") -> Array:
    """Eigenvalues of symmetric matrices, in ascending order; see `eigh`.

    >>> import minigrad as mg
    >>> mg.eigvalsh(mg.Tensor([[2.0, 0.0], [0.0, 1.0]]))
    Tensor([1., 2.])
    """
    return _eigenvalues(a, **_triangle("eigvalsh", UPLO))


def _triangle(name: str, UPLO: str) -> dict[str, str]:
    """The parameter of an upper triangle; the lower one needs none."""
    if UPLO not in ("L", "l", "U", "u"):
        raise ValueError(f"{name}: got UPLO={UPLO!r}, expected 'L' or 'U', the triangle to read")
    return {"UPLO": "U"} if UPLO in "Uu" else {}


def _still(z: Array) -> Array:
    """1, with derivatives that take back each change of the phase of z: z times this keeps its phase.

    The phases of complex vectors are free, and the rules let them move. LAPACK fixes them by a first element that is
    real.
    """
    return where(z == 0, 1, sign(conj(z)) * unwrap(sign(z)))


# ---------------------------------------------------------------- singular values
class SVDResult(NamedTuple):
    """A = U diag(S) Vh."""

    U: Array
    S: Array
    Vh: Array


def _left_vectors_argument(U_bar: Array, U: Array, s: Array, Vt: Array) -> Array:
    """The vectors rotate within the space they span and, for a tall matrix, out of it.

    The phases of complex ones move, too: those of a left and a right vector by half of their joint change each.
    """
    rotation, U, Vt = U.mT @ U_bar, conj(U), conj(Vt)
    # sⱼ / (sⱼ² − sᵢ²), without squares, which may be infinite or 0
    share = safe_divide(np.expand_dims(s, -2), np.expand_dims(s, -2) + np.expand_dims(s, -1))
    gaps = _reciprocal_gaps(s, used=_used(U_bar)) * share
    if is_complex(U):
        gaps = gaps + diag(1 / (4 * s))
    within = U @ (gaps * (rotation - adjoint(rotation))) @ Vt
    if U.shape[-2] == U.shape[-1]:
        return within
    vanishing = kernels.are_equal(unwrap(s), 0)
    s = where(vanishing, where(_used(U_bar), np.nan, 1), s) if np.any(vanishing) else s
    return within + (U_bar - U @ rotation) @ diag(1 / s) @ Vt


def _right_vectors_argument(Vt_bar: Array, U: Array, s: Array, Vt: Array) -> Array:
    """They are the left singular vectors of Aᵀ: of a complex A, too, where A = U S Vᴴ gives Aᵀ = V̂ S Uᵀ."""
    return _left_vectors_argument(Vt_bar.mT, Vt.mT, s, U.mT).mT


_svd = MultiOutput(
    "svd",
    kernels.svd,
    Output("left_singular_vectors", "U", lambda U_bar, A, U, s, Vt: _left_vectors_argument(U_bar, U, s, Vt)),
    Output("singular_values", "s", lambda s_bar, A, U, s, Vt: conj(U) @ diag(s_bar) @ conj(Vt)),
    Output("right_singular_vectors", "Vᵀ", lambda Vt_bar, A, U, s, Vt: _right_vectors_argument(Vt_bar, U, s, Vt)),
)
_left_singular_vectors, _singular_values, _right_singular_vectors = _svd.primitives


@implements(np.linalg.svd)
def svd(a: Array, full_matrices: bool = True, compute_uv: bool = True) -> Array:
    """The singular value decomposition A = U diag(S) Vh, singular values in descending order.

    Where singular values are equal, to within rounding, or one is 0 and the matrix is not square, their vectors have
    no derivative: a loss that depends on them gives infinite or NaN error signals, one that depends on singular values,
    or on the vectors of others, does not.
    The signs of the vectors are arbitrary, and the phases of complex ones, which are differentiated as if the first
    element of each row of Vh (of each column of U, if M < N) kept its own: a loss should not depend on them.

    Arguments:
        a: matrices, shape ``(…, M, N)``; K is the smaller of M and N.
        full_matrices: must be ``False`` unless M = N, since A does not determine the additional vectors.
        compute_uv: whether to compute U and Vh.

    Returns:
        A tuple with the fields ``U``, shape ``(…, M, K)``, ``S``, ``(…, K)``, and ``Vh``, ``(…, K, N)``;
        without `compute_uv`, the singular values alone.

    Raises:
        ValueError: for `full_matrices` of a matrix that is not square.

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
            f"svd: the full U and Vh of shape {shape} are not determined and have no derivative; "
            "pass full_matrices=False"
        )
    U, S, Vh = _svd(a)
    if is_complex(U):
        still = _still(U[..., :1, :]) if shape[-2] < shape[-1] else conj(_still(Vh[..., :1].mT))
        U, Vh = U * still, Vh * conj(still).mT
    return SVDResult(U, S, Vh)


@implements(np.linalg.svdvals)
def svdvals(x: Array, /) -> Array:
    """Singular values, in descending order; see `svd`.

    >>> import minigrad as mg
    >>> mg.svdvals(mg.Tensor([[0.0, 2.0], [1.0, 0.0]]))
    Tensor([2., 1.])
    """
    return _singular_values(x)


# ---------------------------------------------------------------- QR
class QRResult(NamedTuple):
    """A = Q R."""

    Q: Array
    R: Array


def _from_lower(M: Array) -> Array:
    """The symmetric or Hermitian matrix whose lower triangle is that of M."""
    half = _lower_half(M)
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
