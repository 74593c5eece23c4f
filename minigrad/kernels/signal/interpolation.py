"""Linear interpolation, and the segment that each number falls into."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.typing import Array


def interp(x: Array, xp: Array, fp: Array) -> Array:
    """``np.interp``, which computes in double precision, cast to the precision of its arguments.

    CuPy needs arrays, and an `x` in C order.
    """
    require_real(x)
    require_real(xp)
    y = np.interp(x if x.flags.c_contiguous else x.copy(), xp, fp)
    return y.astype(np.result_type(x, xp, fp, np.float16), copy=False)  # integers become floats


def segment(x: Array, xp: Array) -> Array:
    """The index of the knot at which the segment of each x begins; outside, the first or the last segment."""
    return np.clip(np.searchsorted(xp, x, side="right") - 1, 0, len(xp) - 2)


def outside(x: Array, xp: Array) -> tuple[Array, Array]:
    """Which x lie before the first knot, and which on or after the last: the line is flat there."""
    return x < xp[0], x >= xp[-1]
