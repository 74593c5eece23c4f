"""Singular values and singular vectors of stacks of matrices, A = U diag(S) Vh.

The rules are those of J. Townsend, "Differentiating the singular value decomposition", 2016.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.complex import is_complex
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.convert_arguments import shape_of
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint
from minigrad.rules.linalg.decompositions.vectors import reciprocal_gaps, still_phase, used_columns
from minigrad.rules.linalg.diagonal import on_diagonal as diag
from minigrad.rules.manipulation.join import concatenate
from minigrad.rules.manipulation.select import where
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.safe_division import safe_divide
from minigrad.typing import Array

__all__ = ["svd", "svdvals"]


class SVDResult(NamedTuple):
    """A = U diag(S) Vh."""

    U: Array
    S: Array
    Vh: Array


def _left_vectors_argument(U_bar: Array, U: Array, s: Array, Vt: Array, used: Array = None) -> Array:
    """The vectors rotate within the space they span and, for a tall matrix, out of it.

    The phases of complex ones move, too: those of a left and a right vector by half of their joint change each.
    """
    used = used_columns(U_bar) if used is None else used
    rotation, U, Vt = U.mT @ U_bar, conj(U), conj(Vt)
    # sⱼ / (sⱼ² − sᵢ²), without squares, which may be infinite or 0
    share = safe_divide(np.expand_dims(s, -2), np.expand_dims(s, -2) + np.expand_dims(s, -1))
    gaps = reciprocal_gaps(s, used=used) * share
    if is_complex(U):
        gaps = gaps + diag(1 / (4 * s))
    within = U @ (gaps * (rotation - adjoint(rotation))) @ Vt
    if U.shape[-2] == U.shape[-1]:
        return within
    return within + _out_of_reach(U_bar - U @ rotation, s, Vt, used)


def _out_of_reach(U_bar: Array, s: Array, Vt: Array, used: Array) -> Array:
    """The vectors turn out of the space they span, towards the others."""
    vanishing = kernels.are_equal(unwrap(s), 0)
    s = where(vanishing, where(used, np.nan, 1), s) if np.any(vanishing) else s
    return U_bar @ diag(1 / s) @ Vt


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


def _all_left_vectors_argument(U_bar: Array, U: Array, s: Array, Vt: Array, name: str = "columns of U") -> Array:
    """Where the first vectors turn towards the additional ones, these turn as much the other way."""
    k = s.shape[-1]
    first, Vt, used = U[..., :k], Vt[..., :k, :], used_columns(U_bar)
    A_bar = _left_vectors_argument(U_bar[..., :k], first, s, Vt, used[..., :k])
    if U.shape[-1] == k:
        return A_bar
    additional, signal = U[..., k:], U_bar[..., k:]
    if kernels.depends_on_basis(unwrap(additional), unwrap(signal)):
        raise ValueError(
            f"svd: the loss depends on which additional {name} were computed (full_matrices=True); they are any basis "
            "of the space that A does not reach, and have no derivative. What depends on that space alone has one, as "
            "U₂ U₂ᵀ does; if the other vectors are meant, pass full_matrices=False"
        )
    used = np.any(used[..., k:], axis=-1, keepdims=True)
    return A_bar - _out_of_reach(conj(additional @ signal.mT @ first), s, conj(Vt), used)


def _all_right_vectors_argument(Vt_bar: Array, U: Array, s: Array, Vt: Array) -> Array:
    return _all_left_vectors_argument(Vt_bar.mT, Vt.mT, s, U.mT, "rows of Vh").mT


_full_svd = MultiOutput(
    "svd",
    kernels.full_svd,
    Output("all_left_singular_vectors", "U", lambda U_bar, A, *USV: _all_left_vectors_argument(U_bar, *USV)),
    Output(
        "all_singular_values",
        "s",
        lambda s_bar, A, U, s, Vt: conj(U[..., : s.shape[-1]]) @ diag(s_bar) @ conj(Vt[..., : s.shape[-1], :]),
    ),
    Output("all_right_singular_vectors", "Vᵀ", lambda Vt_bar, A, *USV: _all_right_vectors_argument(Vt_bar, *USV)),
)
_all_left_singular_vectors, _all_singular_values, _all_right_singular_vectors = _full_svd.primitives


@implements(np.linalg.svd)
def svd(a: Array, full_matrices: bool = True, compute_uv: bool = True) -> Array:
    """The singular value decomposition A = U diag(S) Vh, singular values in descending order.

    Where singular values are equal, to within rounding, or one is 0 and the matrix is not square, their vectors have
    no derivative: a loss that depends on them gives infinite or NaN error signals, one that depends on singular values,
    or on the vectors of others, does not.
    The signs of the vectors are arbitrary, and the phases of complex ones, which are differentiated as if the first
    element of each row of Vh (of each column of U, if M < N) kept its own: a loss should not depend on them.

    The additional vectors of `full_matrices` are some basis of the space that A does not reach. What depends on that
    space alone, as U₂ U₂ᵀ does, has a derivative; for what depends on the basis ``backward`` raises an error. Forward
    mode cannot tell: it takes the basis that does not turn within its space.

    Arguments:
        a: matrices, shape ``(…, M, N)``; K is the smaller of M and N.
        full_matrices: whether to add vectors to U or Vh that make it square.
        compute_uv: whether to compute U and Vh.

    Returns:
        A tuple with the fields ``U``, shape ``(…, M, M)``, ``S``, ``(…, K)``, and ``Vh``, ``(…, N, N)``; without
        `full_matrices` the shapes are ``(…, M, K)`` and ``(…, K, N)``. Without `compute_uv`, the singular values alone.

    Raises:
        LinAlgError: if `a` has fewer than two axes.
        ValueError: by ``backward``, if the loss depends on which additional vectors were computed.

    >>> import minigrad as mg
    >>> U, S, Vh = mg.svd(mg.Tensor([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]]), full_matrices=False)
    >>> U.shape, S, Vh.shape
    ((3, 2), Tensor([2., 1.]), (2, 2))
    """
    if not compute_uv:
        return _singular_values(a)
    shape = shape_of(a)
    full = full_matrices and len(shape) > 1 and shape[-1] != shape[-2]
    U, S, Vh = (_full_svd if full else _svd)(a)
    k = S.shape[-1]
    if k and is_complex(U):
        still = still_phase(U[..., :1, :k]) if shape[-2] < shape[-1] else conj(still_phase(Vh[..., :k, :1].mT))
        U, Vh = _first_times(U, still), _first_times(Vh.mT, conj(still)).mT
    return SVDResult(U, S, Vh)


def _first_times(U: Array, factors: Array) -> Array:
    """The columns times these factors; the additional ones as they are."""
    k = factors.shape[-1]
    first = U[..., :k] * factors
    return first if k == U.shape[-1] else concatenate((first, U[..., k:]), axis=-1)


@implements(np.linalg.svdvals)
def svdvals(x: Array, /) -> Array:
    """Singular values, in descending order; see `svd`.

    >>> import minigrad as mg
    >>> mg.svdvals(mg.Tensor([[0.0, 2.0], [1.0, 0.0]]))
    Tensor([2., 1.])
    """
    return _singular_values(x)
