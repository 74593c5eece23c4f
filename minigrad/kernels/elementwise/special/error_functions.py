"""The error function, the normal distribution function, and their relatives, by SciPy."""

from __future__ import annotations

from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise.special.from_scipy import from_scipy
from minigrad.typing import Array

__all__ = ["erf", "erfc", "erfcinv", "erfinv", "ndtr", "ndtri"]

erf, erfc = from_scipy("erf"), from_scipy("erfc")
erfinv, erfcinv = from_scipy("erfinv"), from_scipy("erfcinv")
ndtri = from_scipy("ndtri")
_ndtr = from_scipy("ndtr")


def ndtr(x: Array) -> Array:
    """½ (1 + erf(x/√2)), precise also on the left, where the sum would cancel."""
    require_real(x)
    return _ndtr(x)
