"""Linear recurrences along the last axis, in log₂ n operations on whole arrays."""

from __future__ import annotations

import numpy as np

from minigrad.typing import Array

__all__ = ["recurrence"]


def recurrence(factors: Array, terms: Array) -> Array:
    """Each element is the one before it times a factor, plus a term: h₀ = b₀, hₖ = aₖ hₖ₋₁ + bₖ.

    Two steps are one step with the factor aₖ aₖ₋₁, and so the stride doubles each time: log₂ n operations in place of
    n steps.
    """
    h = terms.astype(np.result_type(factors, terms))  # a copy
    n, stride = h.shape[-1], 1
    while stride < n:
        h[..., stride:] += factors * h[..., :-stride]
        factors = factors[..., stride:] * factors[..., :-stride]
        stride *= 2
    return h
