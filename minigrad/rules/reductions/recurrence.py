"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import prod as kernels

# ---------------------------------------------------------------- running along the last axis

# h₀ = b₀, hₖ = aₖ hₖ₋₁ + bₖ. Backwards, s = h̄ₖ + aₖ₊₁ s of the next one: the same recurrence, from the end.
recurrence: Primitive = Primitive(
    "recurrence",
    kernels.recurrence,
    lambda h_bar, h, a, b: recurrence_from_the_end(a, h_bar)[..., 1:] * h[..., :-1],
    lambda h_bar, h, a, b: recurrence_from_the_end(a, h_bar),
)


def recurrence_from_the_end(a: Any, b: Any) -> Any:
    return recurrence(a[..., ::-1], b[..., ::-1])[..., ::-1]


def is_first(x: Any) -> Any:
    """Where a row begins: booleans of the shape of x."""
    return np.cumsum(np.ones_like(x), axis=-1) == 1


def products_before(x: Any) -> Any:
    """For each element the product of what stands before it: 1, x₀, x₀ x₁, …"""
    return recurrence(x[..., :-1], np.ones_like(x) * is_first(x))
