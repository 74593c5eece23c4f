"""The error function, the normal distribution function, and their relatives, by SciPy."""

from __future__ import annotations

import math

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise.special.from_scipy import from_scipy, in_dtype_of, scipy_special
from minigrad.typing import Array

__all__ = ["erf", "erfc", "erfcinv", "erfcx", "erfinv", "log_ndtr", "ndtr", "ndtri"]

erf, erfc = from_scipy("erf"), from_scipy("erfc")
erfinv, erfcinv = from_scipy("erfinv"), from_scipy("erfcinv")
ndtri = from_scipy("ndtri")
_ndtr, _log_ndtr = from_scipy("ndtr"), from_scipy("log_ndtr")


def ndtr(x: Array) -> Array:
    """½ (1 + erf(x/√2)), precise also on the left, where the sum would cancel."""
    require_real(x)
    return _ndtr(x)


def log_ndtr(x: Array) -> Array:
    """log Φ(x), also where Φ(x) underflows to 0."""
    require_real(x)
    return _log_ndtr(x)


def erfcx(x: Array, order: int) -> Array:
    """f(x) = e^(x²) erfc(x), or its derivative of this order.

    From f′ = 2x f − 2/√π follows f⁽ⁿ⁺¹⁾ = 2x f⁽ⁿ⁾ + 2n f⁽ⁿ⁻¹⁾. On the right, where the terms cancel, the asymptotic
    series is summed instead: 2/√π (−2)ⁿ / (2x)ⁿ⁺¹ times the sum of (−1)ᵐ (2m + n)! / (m! (2x)²ᵐ).
    """
    require_real(x)
    special = scipy_special("erfcx", x)
    if order == 0:
        return in_dtype_of((x,), special.erfcx(x))
    wide = x.astype(np.result_type(x.dtype, np.float32))
    far = wide > _FAR
    near, distant = np.where(far, 1, wide), np.where(far, wide, _FAR)
    before, f = special.erfcx(near), 2 * near * special.erfcx(near) - 2 / math.sqrt(math.pi)
    for n in range(1, order):
        before, f = f, 2 * near * f + 2 * n * before
    inverse = 1 / (2 * distant)
    total = np.ones_like(wide)
    for m in range(25, -1, -1):
        total = 1 - (2 * m + order + 1) * (2 * m + order + 2) / (m + 1) * inverse**2 * total
    series = 2 / math.sqrt(math.pi) * (-2) ** order * math.factorial(order) * inverse ** (order + 1) * total
    return np.where(far, series, f).astype(x.dtype)[()]


_FAR = 8.0  # beyond it, 25 terms of the series have all digits
