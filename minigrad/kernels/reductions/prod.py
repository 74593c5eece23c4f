"""Products of many factors without dividing, for a factor may be 0."""

from __future__ import annotations

from typing import Any

import numpy as np


def products_of_others(x: Any) -> Any:
    """For each element the product of all others in its row: what stands before it, times what stands after it."""
    return _before(x) * _before(x[..., ::-1])[..., ::-1]


def _before(x: Any) -> Any:
    products = np.ones_like(x)
    products[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    return products


def recurrence(factors: Any, terms: Any) -> Any:
    """Each element is the one before it times a factor, plus a term: h₀ = b₀, hₖ = aₖ hₖ₋₁ + bₖ along the last axis.

    Going one step at a time would take n steps. Two steps are one step with the factor aₖ aₖ₋₁, and so the
    stride doubles each time: log₂ n operations on whole arrays.
    """
    h = terms.astype(np.result_type(factors, terms))  # a copy
    n, stride = h.shape[-1], 1
    while stride < n:
        h[..., stride:] += factors * h[..., :-stride]
        factors = factors[..., stride:] * factors[..., :-stride]
        stride *= 2
    return h
