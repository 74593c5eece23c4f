"""Eigenvalues and eigenvectors of stacks of square matrices, A = V diag(λ) V⁻¹.

The rules are those of C. Boeddeker and others, "On the computation of complex-valued gradients with application to
statistically optimum beamforming", 2017, for vectors of length 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.elementwise.complex import conj, real
from minigrad.rules.linalg.decompositions.vectors import reciprocal_gaps, still_phase, used_columns
from minigrad.rules.linalg.diagonal import diagonal
from minigrad.rules.linalg.diagonal import on_diagonal as diag
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["eig", "eigvals"]

_left_eigenvectors: Primitive = Primitive(
    "left_eigenvectors", kernels.left_eigenvectors, lambda W_bar, W, V: -(W.mT @ W_bar @ W.mT)
)


class EigResult(NamedTuple):
    """A V = V diag(λ)."""

    eigenvalues: Array
    eigenvectors: Array


def _eigenvectors_argument(V_bar: Array, V: Array, x: Array) -> Array:
    """Eigenvectors move towards one another, the faster the closer their eigenvalues are, and keep their lengths."""
    gaps = reciprocal_gaps(x, used=used_columns(V_bar))
    towards = V.mT @ V_bar
    along = real(diagonal(towards, axis1=-2, axis2=-1))
    return _left_eigenvectors(V).mT @ (gaps * (towards - V.mT @ conj(V) * np.expand_dims(along, -2))) @ V.mT


_eig = MultiOutput(
    "eig",
    kernels.eig,
    Output("general_eigenvalues", "λ", lambda x_bar, A, x, V: _left_eigenvectors(V).mT @ diag(x_bar) @ V.mT),
    Output("general_eigenvectors", "V", lambda V_bar, A, x, V: _eigenvectors_argument(V_bar, V, x)),
)
_eigenvalues, _eigenvectors = _eig.primitives


@implements(np.linalg.eig)
def eig(a: Array) -> EigResult:
    """Eigenvalues and eigenvectors of square matrices: A V = V diag(λ), with columns of length 1 in V.

    They are real if all eigenvalues of all matrices are, and complex otherwise, also of a real matrix, whose error
    signal is real in both cases. For symmetric matrices `eigh` is faster, and its eigenvalues are in ascending order;
    here their order is arbitrary.

    Where eigenvalues are equal, to within rounding, their eigenvectors have no derivative: a loss that depends on them
    gives NaN error signals. The signs of eigenvectors are arbitrary, and the phases of complex ones, which are
    differentiated as if the largest element of each kept its own: a loss should not depend on them.

    Arguments:
        a: square matrices, shape ``(…, M, M)``.

    Returns:
        A tuple with the fields ``eigenvalues``, shape ``(…, M)``, and ``eigenvectors``, as columns of ``(…, M, M)``.

    Raises:
        LinAlgError: if the matrices are not square; by ``backward``, if one has less than M independent eigenvectors.

    >>> import minigrad as mg
    >>> mg.eig(mg.Tensor([[0.0, 1.0], [-1.0, 0.0]])).eigenvalues
    Tensor([0.+1.j, 0.-1.j], dtype=complex128)
    """
    x, V = _eig(a)
    if x.shape[-1] and kernels.are_complex(unwrap(V)):  # a program is written for one of both, and asks
        largest = np.argmax(abs(unwrap(V)), axis=-2, keepdims=True)
        V = V * still_phase(np.take_along_axis(V, largest, axis=-2))
    return EigResult(x, V)


@implements(np.linalg.eigvals)
def eigvals(a: Array) -> Array:
    """Eigenvalues of square matrices, in no particular order; see `eig`.

    >>> import minigrad as mg
    >>> mg.eigvals(mg.Tensor([[2.0, 1.0], [0.0, 1.0]]))
    Tensor([2., 1.])
    """
    x = _eigenvalues(a)
    bool(kernels.are_complex(unwrap(x)))  # for a program, as in `eig`
    return x
