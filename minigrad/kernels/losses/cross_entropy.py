"""Cross-entropy from logits and from log-probabilities."""

from __future__ import annotations

import numpy as np

from minigrad.kernels.reductions.softmax import log_softmax, softmax_and_log
from minigrad.typing import Array

__all__ = ["nll_loss", "softmax_and_cross_entropy", "softmax_cross_entropy"]


def softmax_cross_entropy(z: Array, t: Array, axis: int) -> Array:
    """−Σ t log softmax(z) along an axis; a class of probability 0 adds nothing, even at a logit of −inf.

    For complex z or t, log softmax or the multiplication in place raises a TypeError.
    """
    return _losses(log_softmax(z, axis=axis), t, axis)


def softmax_and_cross_entropy(z: Array, t: Array, axis: int) -> tuple[Array, Array]:
    """p = softmax(z) and −Σ t log p, the same as one by one, with one exponential; not of float16.

    >>> p, losses = softmax_and_cross_entropy(np.zeros((1, 2)), np.array([[0.0, 1.0]]), axis=-1)
    >>> p, losses
    (array([[0.5, 0.5]]), array([0.69314718]))
    """
    p, log_p = softmax_and_log(z, axis)
    return p, _losses(log_p, t, axis)


def _losses(log_p: Array, t: Array, axis: int) -> Array:
    terms = np.where(t != 0, log_p, 0)
    terms *= t
    return 0 - terms.sum(axis=axis)  # not −0, where nothing is added


def nll_loss(y: Array, t: Array, axis: int) -> Array:
    """−Σ t y along an axis; a class of probability 0 adds nothing, even where y is −inf."""
    return 0 - (np.where(t != 0, y, 0) * t).sum(axis=axis)
