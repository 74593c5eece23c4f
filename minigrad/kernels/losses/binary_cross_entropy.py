"""Binary cross-entropy, from probabilities and from logits."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.complex import require_real
from minigrad.kernels.elementwise.activations import relu
from minigrad.typing import Array

__all__ = ["LEAST_LOG", "binary_cross_entropy", "binary_cross_entropy_with_logits"]

#: A logarithm of 0 counts as −100, as in PyTorch: a single wrong certainty costs much, but not infinitely much.
LEAST_LOG = -100


def binary_cross_entropy(y: Array, t: Array) -> Array:
    """−(t log y + (1 − t) log(1 − y)), with logarithms of at least −100."""
    with np.errstate(divide="ignore"):
        return t * np.minimum(-np.log(y), -LEAST_LOG) + (1 - t) * np.minimum(-np.log1p(-y), -LEAST_LOG)


def binary_cross_entropy_with_logits(z: Array, t: Array) -> Array:
    """−(t log σ(z) + (1 − t) log(1 − σ(z))), as a sum of terms none of which is negative: no digits cancel."""
    require_real(t)
    return (1 - t) * relu(z) + t * relu(-z) + np.log1p(np.exp(-abs(z)))
