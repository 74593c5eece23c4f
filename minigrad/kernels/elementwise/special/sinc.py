"""sin(πx) / (πx) and its derivatives."""

from __future__ import annotations

import math

import numpy as np

from minigrad.typing import Array

__all__ = ["sinc"]


def sinc(x: Array, order: int = 0) -> Array:
    """sin(πx) / (πx), or its derivative of this order.

    With t = πx and f = sin t / t, the equation t f = sin t differentiated n times is
    t f⁽ⁿ⁾ + n f⁽ⁿ⁻¹⁾ = sin(t + nπ/2), which gives one derivative after the other. Each step multiplies the
    error of the step before by n / t; so where t is small, the power series is summed instead.
    """
    if order == 0:
        return np.sinc(x)
    t = math.pi * x
    near = abs(t) <= max(2, order)
    small, large = np.where(near, t, 0), np.where(near, 1, t)
    derivative: Array = np.where(near, _power_series(small, order), _recurrence(large, order))
    return (math.pi**order * derivative)[()]


def _recurrence(t: Array, order: int) -> Array:
    sin, cos = np.sin(t), np.cos(t)
    f = sin / t
    for n in range(1, order + 1):
        f = ((sin, cos, -sin, -cos)[n % 4] - n * f) / t
    return f


def _power_series(t: Array, order: int) -> Array:
    """Σ (−1)^k t^m / (m! (2k + 1)) with m = 2k − n, over all k ≥ ⌈n/2⌉; the smallest terms first."""
    square, total = t * t, 0 * t
    for m in range(order % 2 + 24 + 2 * order, -1, -2):
        k = (m + order) // 2
        total = total * square + (-1) ** k / (math.factorial(m) * (2 * k + 1))
    return total * t if order % 2 else total
