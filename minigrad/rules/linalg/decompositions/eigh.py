"""Eigenvalues and eigenvectors of stacks of symmetric matrices, A = V diag(λ) Vᵀ.

The rules are those of M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation", 2008. They give a symmetric matrix a symmetric error signal. NumPy reads one triangle alone; we
differentiate the function of a symmetric matrix, whose two triangles change together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.kernels.complex import is_complex
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.linalg.conjugate_transpose import adjoint
from minigrad.rules.linalg.decompositions.vectors import reciprocal_gaps, still_phase, used_columns
from minigrad.rules.linalg.diagonal import on_diagonal as diag
from minigrad.rules.multi_output_primitive import MultiOutput, Output
from minigrad.typing import Array

__all__ = ["eigh", "eigvalsh"]


class EighResult(NamedTuple):
    """A = V diag(λ) Vᵀ."""

    eigenvalues: Array
    eigenvectors: Array


def _eigenvectors_argument(V_bar: Array, V: Array, x: Array) -> Array:
    """Eigenvectors rotate towards one another, the faster the closer their eigenvalues are."""
    rotation = V.mT @ V_bar
    gaps = reciprocal_gaps(x, used=used_columns(V_bar))
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
        V = V * still_phase(V[..., :1, :] if UPLO in "Ll" else V[..., -1:, :])
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
