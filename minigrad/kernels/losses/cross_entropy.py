"""Cross-entropy from logits and from log-probabilities."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.reductions.softmax import log_softmax
from minigrad.typing import Array

__all__ = ["nll_loss", "softmax_cross_entropy"]


def softmax_cross_entropy(z: Array, t: Array, axis: int) -> Array:
    """−Σ t log softmax(z) along an axis; a class of probability 0 adds nothing, even at a logit of −inf.

    For complex z or t, log softmax or the multiplication in place raises a TypeError.
    """
    terms = np.where(t != 0, log_softmax(z, axis=axis), 0)
    terms *= t
    return 0 - terms.sum(axis=axis)  # not −0, where nothing is added


def nll_loss(y: Array, t: Array, axis: int) -> Array:
    """−Σ t y along an axis; a class of probability 0 adds nothing, even where y is −inf."""
    return 0 - (np.where(t != 0, y, 0) * t).sum(axis=axis)
