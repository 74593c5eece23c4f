"""What the rules of eigenvectors and singular vectors share: the gaps between values, ties, and phases."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.linalg import decompositions as kernels
from minigrad.rules.elementwise.arithmetic import sign
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.manipulation.select import where
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__: list[str] = []

reciprocal_gaps = Primitive(
    "reciprocal_gaps",
    kernels.reciprocal_gaps,
    lambda F_bar, F, x, used: np.sum(F_bar * F * F, axis=-1) - np.sum(F_bar * F * F, axis=-2),
    symbol="F",
)


def used_columns(V_bar: Array) -> Array:
    """Which vectors, the columns of V, have an error signal. Those that have none may tie: 0 · ∞ is 0 for them.

    Forward mode, which records the rule with zeros, and a loss about which nothing is known use all of them.
    """
    used = np.any(unwrap(V_bar) != 0, axis=-2)
    return used if np.any(used) else ~used


def still_phase(z: Array) -> Array:
    """1, with derivatives that take back each change of the phase of z: z times this keeps its phase.

    The phases of complex vectors are free, and the rules let them move. LAPACK fixes them by a first element that is
    real.
    """
    return where(z == 0, 1, sign(conj(z)) * unwrap(sign(z)))
