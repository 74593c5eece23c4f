"""Condition numbers: by what factor a linear system can enlarge the relative error of its right-hand side."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.kernels.linalg import determinant as kernels
from minigrad.kernels.linalg.lapack_errors import LinAlgError, require_square
from minigrad.rules.convert_arguments import as_array, refuse_gradient
from minigrad.rules.linalg.decompositions.svd import svdvals
from minigrad.rules.linalg.solve import inv
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.norms import norm
from minigrad.typing import Array

__all__ = ["cond"]


@implements(np.linalg.cond)
def cond(x: Array, p: Any = None) -> Array:
    """The condition number ``‖A‖ ‖A⁻¹‖`` of matrices; that of a singular matrix is infinite, and has no derivative.

    Arguments:
        x: matrices, shape ``(…, M, N)``; for a `p` other than ``None``, 2 and −2 square ones.
        p: the norm, one of `matrix_norm`; ``None`` and 2 give the largest singular value over the smallest, −2 the
            smallest over the largest.

    Returns:
        An array of shape ``(…)``. The error signal of a singular matrix is infinite or NaN.

    Raises:
        LinAlgError: if the matrices are empty, or not square where they have to be.
        ValueError: if `p` is not a norm.

    >>> import minigrad as mg
    >>> mg.cond(mg.Tensor([[2.0, 0.0], [0.0, 0.5]]))
    Tensor(4.)
    """
    refuse_gradient("cond", "p", p)
    x = as_array(x, "cond")
    if x.ndim < 2 or 0 in x.shape[-2:]:
        raise LinAlgError(f"cond: expected matrices with at least one row and one column, got shape {x.shape}")
    with np.errstate(divide="ignore"):
        if p is None or p in (2, -2):
            s = svdvals(x)
            large, small = s[..., 0], s[..., -1]
            one, other = (small, large) if p == -2 else (large, small)
            return where(unwrap(large) == 0, np.inf, one) / other  # infinite also where all are 0
        require_square("cond", x, "; without p any shape has a condition number")
        sign, logabsdet = kernels.slogdet(unwrap(x))
        singular = sign == 0
        infinity = np.where(singular, -logabsdet, 0)  # added to both factors, so that their slopes are not finite, too
        identity = to_device(np.eye(x.shape[-1], dtype=x.dtype), device_of(x))
        invertible = where(singular[..., None, None], identity, x)
        return (norm(x, p, axis=(-2, -1)) + infinity) * (norm(inv(invertible), p, axis=(-2, -1)) + infinity)
