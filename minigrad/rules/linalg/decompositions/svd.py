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


def _left_vectors_argument(U_bar: Array, U: Array, s: Array, Vt: Array) -> Array:
    """The vectors rotate within the space they span and, for a tall matrix, out of it.

    The phases of complex ones move, too: those of a left and a right vector by half of their joint change each.
    """
    rotation, U, Vt = U.mT @ U_bar, conj(U), conj(Vt)
    # sⱼ / (sⱼ² − sᵢ²), without squares, which may be infinite or 0
    share = safe_divide(np.expand_dims(s, -2), np.expand_dims(s, -2) + np.expand_dims(s, -1))
    gaps = reciprocal_gaps(s, used=used_columns(U_bar)) * share
    if is_complex(U):
        gaps = gaps + diag(1 / (4 * s))
    within = U @ (gaps * (rotation - adjoint(rotation))) @ Vt
    if U.shape[-2] == U.shape[-1]:
        return within
    vanishing = kernels.are_equal(unwrap(s), 0)
    s = where(vanishing, where(used_columns(U_bar), np.nan, 1), s) if np.any(vanishing) else s
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
        still = still_phase(U[..., :1, :]) if shape[-2] < shape[-1] else conj(still_phase(Vh[..., :1].mT))
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
