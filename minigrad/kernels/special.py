"""Functions that NumPy lacks and SciPy has: the error function and the normal distribution."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from minigrad.arrays import device_of


def erf(x: Any) -> Any:
    """2/√π times the integral of e^(−u²) from 0 to x."""
    return _special(x).erf(x)


def normal_cdf(x: Any) -> Any:
    """½ (1 + erf(x/√2)), to the last digits also on the left, where the sum would cancel."""
    return _special(x).ndtr(x)


def _special(x: Any) -> Any:
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
