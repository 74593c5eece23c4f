"""Linear interpolation: on which segment does each number lie?"""

from __future__ import annotations

from typing import Any

import numpy as np


def interp(x: Any, xp: Any, fp: Any) -> Any:
    """``np.interp``, which computes in double precision, in the precision of its arguments.

    CuPy's asks for arrays, and for an `x` in C order.
    """
    y = np.interp(x if x.flags.c_contiguous else x.copy(), xp, fp)
    return y.astype(np.result_type(x, xp, fp, np.float16), copy=False)  # whole numbers become floats


def segment(x: Any, xp: Any) -> Any:
    """The index of the knot at which the segment begins that each x lies on; outside, that of the nearest one."""
    return np.clip(np.searchsorted(xp, x, side="right") - 1, 0, len(xp) - 2)


def beyond(x: Any, xp: Any) -> tuple[Any, Any]:
    """Which x lie before the first knot, and which on or after the last: there the line is flat."""
    return x < xp[0], x >= xp[-1]
