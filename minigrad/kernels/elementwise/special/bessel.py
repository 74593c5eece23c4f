"""Bessel functions of one order, by SciPy, and by series where it is not needed or CuPy has none.

CuPy has those of the orders 0 and 1 alone, and second derivatives need the next ones.
"""

from __future__ import annotations

import math

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise.special.from_scipy import in_dtype_of, scipy_special
from minigrad.typing import Array

__all__ = ["bessel", "modified_bessel", "scaled_modified_bessel", "second_kind_bessel"]


def bessel(x: Array, order: float) -> Array:
    """The Bessel function of the first kind, Jᵥ(x)."""
    require_real(x)
    special = scipy_special("jn", x)
    if order in (0, 1):
        y = special.j1(x) if order else special.j0(x)
    elif device_of(x) == "cpu":
        y = special.jv(order, x)
    else:
        n = abs(_whole(order, "jn"))
        y = _from_lower_orders(x, n, special.j0(x), special.j1(x), -1)
        y = np.where(abs(x) < n, _series(x, n, -1), y) * (-1 if order < 0 and n % 2 else 1)
    return in_dtype_of((x,), y)


def second_kind_bessel(x: Array, order: float) -> Array:
    """The Bessel function of the second kind, Yᵥ(x)."""
    require_real(x)
    special = scipy_special("yn", x)
    if order in (0, 1):
        y = special.y1(x) if order else special.y0(x)
    elif order == int(order) or device_of(x) != "cpu":
        y = special.yn(_whole(order, "yn"), x)
    else:
        y = special.yv(order, x)
    return in_dtype_of((x,), y)


def modified_bessel(x: Array, order: float) -> Array:
    """The modified Bessel function of the first kind, Iᵥ(x). Those of whole orders do without SciPy."""
    require_real(x)
    if order == 0:
        return np.i0(x).astype(x.dtype)[()]
    if order == int(order) or device_of(x) != "cpu":
        return _series(x, abs(_whole(order, "iv")), 1)  # I₋ₙ = Iₙ
    return in_dtype_of((x,), scipy_special("iv", x).iv(order, x))


def scaled_modified_bessel(x: Array, order: float) -> Array:
    """e^−|x| Iᵥ(x), which does not overflow."""
    require_real(x)
    special = scipy_special("ive", x)
    if order in (0, 1):
        y = special.i1e(x) if order else special.i0e(x)
    elif device_of(x) == "cpu":
        y = special.ive(order, x)
    else:
        n = abs(_whole(order, "ive"))
        near = abs(x) < 40
        small = np.where(near, x, 0)
        y = _from_lower_orders(x, n, special.i0e(x), special.i1e(x), 1)
        y = np.where(near, np.exp(-abs(small)) * _series(small, n, 1), y)
    return in_dtype_of((x,), y)


def _whole(order: float, name: str) -> int:
    if order != int(order):
        raise TypeError(
            f'{name}: on a GPU, the order is a whole number, got {order}; for others, compute on t.to("cpu")'
        )
    return int(order)


def _series(x: Array, order: int, sign: int) -> Array:
    """Iₙ(x) for the sign 1, and Jₙ(x) for −1, of a whole order n ≥ 0.

    The series is (x/2)ⁿ/n! (1 ± q/(1 (1 + n)) (1 ± q/(2 (2 + n)) (1 ± …))) with q = (x/2)². Its terms grow up to the
    one with k² = q, and from there fall ever faster. With the sign 1 nothing cancels; with −1, little where x < n.
    """
    half = abs(x) / 2
    wide = half.astype(np.result_type(x.dtype, np.float32))
    largest = float(np.max(np.where(np.isfinite(wide), wide, 0))) if wide.size else 0.0
    limit = math.log(float(np.finfo(wide.dtype).max)) / 2 + 10  # beyond it, all is infinite
    terms = int(min(largest, limit) + 8 * math.sqrt(min(largest, limit)) + 20)
    total = np.ones_like(wide)
    with np.errstate(over="ignore"):
        for k in range(terms, 0, -1):
            total = 1 + sign * (wide / k * (wide / (k + order))) * total
        for k in range(1, order + 1):
            total = total * (wide / k)
    y = total if order % 2 == 0 else np.where(x < 0, -total, total)
    return y.astype(x.dtype)[()]


def _from_lower_orders(x: Array, n: int, zeroth: Array, first: Array, sign: int) -> Array:
    """Fₖ₊₁ = ±(Fₖ₋₁ − 2k/x Fₖ) from F₀ and F₁; it keeps their digits where ``|x|`` exceeds n, or n² for I."""
    before, y, x = zeroth, first, np.where(x == 0, 1, x)
    for k in range(1, n):
        before, y = y, sign * (before - 2 * k / x * y)
    return y
