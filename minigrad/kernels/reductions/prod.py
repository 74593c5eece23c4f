"""Products of many factors without division, since a factor may be 0."""

from __future__ import annotations

import numpy as np

from minigrad.typing import Array

__all__ = ["products_of_others"]


def products_of_others(x: Array) -> Array:
    """For each element the product of all others along the last axis: of those before it, times those after it."""
    return _exclusive_cumprod(x) * _exclusive_cumprod(x[..., ::-1])[..., ::-1]


def _exclusive_cumprod(x: Array) -> Array:
    products = np.ones_like(x)
    products[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    return products
