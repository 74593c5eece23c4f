"""Special functions: sinc, Bessel functions and their derivatives; SciPy's error and normal distribution function."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np

from minigrad.device import device_of
from minigrad.kernels.complex import require_real
from minigrad.typing import Array

__all__ = ["erf", "modified_bessel", "normal_cdf", "sinc"]


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


def modified_bessel(x: Array, order: int) -> Array:
    """The modified Bessel function Iₙ(x) of a whole order n ≥ 0.

    Its series is (x/2)ⁿ/n! (1 + q/(1 (1 + n)) (1 + q/(2 (2 + n)) (1 + …))) with q = (x/2)². All terms have one sign, so
    nothing cancels. They grow up to the one with k² = q, and from there fall ever faster.
    """
    require_real(x)
    if order == 0:
        return np.i0(x).astype(x.dtype)[()]
    half = abs(x) / 2
    wide = half.astype(np.result_type(x.dtype, np.float32))
    largest = float(np.max(np.where(np.isfinite(wide), wide, 0))) if wide.size else 0.0
    limit = math.log(float(np.finfo(wide.dtype).max)) / 2 + 10  # beyond it, all is infinite
    terms = int(min(largest, limit) + 8 * math.sqrt(min(largest, limit)) + 20)
    total = np.ones_like(wide)
    with np.errstate(over="ignore"):
        for k in range(terms, 0, -1):
            total = 1 + wide / k * (wide / (k + order)) * total
        for k in range(1, order + 1):
            total = total * (wide / k)
    y = total if order % 2 == 0 else np.where(x < 0, -total, total)
    return y.astype(x.dtype)[()]


def erf(x: Array) -> Array:
    """2/√π times the integral of e^(−u²) from 0 to x."""
    return _in_half_precision(_special(x).erf(x), x)


def normal_cdf(x: Array) -> Array:
    """½ (1 + erf(x/√2)), precise also on the left, where the sum would cancel."""
    require_real(x)
    return _in_half_precision(_special(x).ndtr(x), x)


def _in_half_precision(y: Array, x: Array) -> Array:
    """y in the dtype of x where that is float16, of which SciPy makes float64."""
    return y.astype(np.float16) if getattr(x, "dtype", None) == np.float16 else y


def _special(x: Array) -> Any:
    """SciPy's special functions, or CuPy's for an array on a GPU.

    Raises:
        ImportError: if SciPy is not installed.
    """
    try:
        return import_module("scipy.special" if device_of(x) == "cpu" else "cupyx.scipy.special")
    except ImportError as error:
        raise ImportError(
            "erf, and gelu without approximate='tanh', are computed by SciPy, which is not installed: pip install scipy"
        ) from error
