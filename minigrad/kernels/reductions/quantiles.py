"""Quantiles: where they lie among n sorted elements, by each of NumPy's methods.

The first nine are those of Hyndman and Fan, *Sample quantiles in statistical packages* (1996), in their order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from minigrad.typing import Array

__all__ = ["CHOOSING", "METHODS", "neighbours", "weighted_index"]


def _between(alpha: float, beta: float) -> Callable[[Array, Array], Array]:
    return lambda n, q: n * q + (alpha + q * (1 - alpha - beta)) - 1


#: The position of the fraction q among n elements, counted from 0; NumPy's names.
METHODS: dict[str, Callable[[Array, Array], Array]] = {
    "inverted_cdf": lambda n, q: np.ceil(n * q) - 1,
    "averaged_inverted_cdf": lambda n, q: (np.ceil(n * q) - 1 + np.floor(n * q)) / 2,
    "closest_observation": lambda n, q: np.rint(n * q) - 1,
    "interpolated_inverted_cdf": _between(0, 1),
    "hazen": _between(0.5, 0.5),
    "weibull": _between(0, 0),
    "linear": lambda n, q: (n - 1) * q,
    "median_unbiased": _between(1 / 3, 1 / 3),
    "normal_unbiased": _between(3 / 8, 3 / 8),
    "lower": lambda n, q: np.floor((n - 1) * q),
    "higher": lambda n, q: np.ceil((n - 1) * q),
    "midpoint": lambda n, q: (np.floor((n - 1) * q) + np.ceil((n - 1) * q)) / 2,
    "nearest": lambda n, q: np.rint((n - 1) * q),
}

#: The methods that choose an element and never take a mean of two.
CHOOSING = frozenset({"inverted_cdf", "closest_observation", "lower", "higher", "nearest"})


def neighbours(n: Array, q: Array, method: str) -> tuple[Array, Array, Array]:
    """The indices of the two elements between which the fractions `q` lie, and how far towards the second.

    Where it is 0, both are the same element.
    """
    position = np.clip(METHODS[method](n, q), 0, n - 1)
    below = np.floor(position)
    weight = position - below
    return below.astype(int), np.ceil(position).astype(int), weight


def weighted_index(cdf: Array, q: Array) -> Array:
    """The first element at which the cumulated weights reach the fraction q, along the last axis of `cdf`."""
    cdf = np.where(cdf == 0, -1, cdf)  # elements of weight 0 in front are not chosen, even for q = 0
    return np.minimum((cdf < q[..., None]).sum(axis=-1), cdf.shape[-1] - 1)
