"""Linear recurrences along the last axis, and the exclusive cumulative product: the parts of prod and cumprod."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.reductions import linear_recurrence as kernels
from minigrad.typing import Array

__all__: list[str] = []

# h₀ = b₀, hₖ = aₖ hₖ₋₁ + bₖ. Backwards, sₖ = h̄ₖ + aₖ₊₁ sₖ₊₁: the same recurrence, from the end.
recurrence: Primitive = Primitive(
    "recurrence",
    kernels.recurrence,
    lambda h_bar, h, a, b: reverse_recurrence(a, h_bar)[..., 1:] * h[..., :-1],
    lambda h_bar, h, a, b: reverse_recurrence(a, h_bar),
)


def reverse_recurrence(a: Array, b: Array) -> Array:
    """The recurrence that runs from the last element to the first."""
    return recurrence(a[..., ::-1], b[..., ::-1])[..., ::-1]


def is_first(x: Array) -> Array:
    """A mask of the first element of each row, of the shape of x."""
    return np.cumsum(np.ones_like(x), axis=-1) == 1


def exclusive_cumprod(x: Array) -> Array:
    """For each element the product of those before it: 1, x₀, x₀ x₁, …"""
    return recurrence(x[..., :-1], np.ones_like(x) * is_first(x))


def is_normal(y: Array) -> Array:
    """Where a product is neither 0, nor so small that it has lost digits, nor infinite: factors can be divided out."""
    size = abs(y)
    return (size >= np.finfo(y.dtype).tiny) & (size < np.inf)
