"""``np.emath``: roots, logarithms and powers that become complex where a real number has no real one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minigrad.core.dispatch import implements
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.elementwise.exponential import log, log2, log10
from minigrad.rules.elementwise.hyperbolic import arctanh
from minigrad.rules.elementwise.powers import power, sqrt
from minigrad.rules.elementwise.trigonometric import arccos, arcsin
from minigrad.rules.manipulation.conversion import astype, in_floating_type
from minigrad.typing import Array

__all__: list[str] = []  # they are reached by NumPy's names: mg.sqrt is that of real numbers


def _complex_if(outside: Array, x: Array) -> Array:
    """x as complex numbers, if some of them are real numbers outside of the domain of a real function."""
    return astype(x, np.result_type(x.dtype, np.complex64)) if is_real(x) and np.any(outside) else x


def _complex_if_negative(name: str, x: Array, *others: Array) -> Array:
    x = as_array(x, name, *others)
    return _complex_if(x < 0, x) if is_real(x) else x


def _for_negative_numbers(function: Callable[[Array], Array], ours: Callable[[Array], Array]) -> None:
    implements(function)(lambda x: ours(_complex_if_negative(function.__name__, x)))


def _for_large_numbers(function: Callable[[Array], Array], ours: Callable[[Array], Array]) -> None:
    def extended(x: Array) -> Array:
        x = as_array(x, function.__name__)
        return ours(_complex_if(np.abs(x) > 1, x))

    implements(function)(extended)


for _function, _ours in ((np.emath.sqrt, sqrt), (np.emath.log, log), (np.emath.log2, log2), (np.emath.log10, log10)):
    _for_negative_numbers(_function, _ours)
for _function, _ours in ((np.emath.arccos, arccos), (np.emath.arcsin, arcsin), (np.emath.arctanh, arctanh)):
    _for_large_numbers(_function, _ours)


@implements(np.emath.logn)
def _logn(n: Array, x: Array) -> Array:
    """The logarithm to the base n."""
    return log(_complex_if_negative("logn", x, n)) / log(_complex_if_negative("logn", n, x))


@implements(np.emath.power)
def _power(x: Array, p: Array) -> Array:
    """``x ** p``, of whole numbers with negative p in double precision."""
    x, p = _complex_if_negative("power", x, p), as_array(p, "power", x)
    return power(x, in_floating_type(p) if is_real(p) and np.any(p < 0) else p)
