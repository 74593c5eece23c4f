"""Cross-entropy from logits, the mean squared error, and one-hot encoding."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.complex import require_real
from minigrad.kernels.overflow_safe_scaling import in_single_precision
from minigrad.kernels.reductions.softmax import log_softmax
from minigrad.typing import Array

__all__ = ["mse_loss", "one_hot", "softmax_cross_entropy"]


def softmax_cross_entropy(z: Array, t: Array) -> Array:
    """−Σ t log softmax(z) over the last axis; a class of probability 0 adds nothing, even at a logit of −inf.

    For complex z or t, log softmax or the multiplication in place raises a TypeError.
    """
    terms = np.where(t != 0, log_softmax(z, axis=-1), 0)
    terms *= t
    return -terms.sum(axis=-1)


def mse_loss(y: Array, t: Array) -> Array:
    """The mean of the squared differences; the sum of squares is a dot product."""
    difference = y - t
    if difference.dtype.kind == "c":
        require_real(difference)
    return in_single_precision(_mean_square, difference)


def _mean_square(x: Array) -> Array:
    return np.vdot(x, x) / x.dtype.type(x.size)


def one_hot(labels: Array, shape: tuple[int, ...], dtype: Any) -> Array:
    """Class numbers one-hot encoded, as an array of this shape ``(…, C)``.

    Raises:
        ValueError: if the labels do not have the shape ``(…)``, or one is not in 0 … C−1.
    """
    if labels.shape != shape[:-1]:
        raise ValueError(
            f"cross_entropy: {shape[:-1]} rows of logits (shape {shape}) need class numbers of shape {shape[:-1]}, "
            f"got shape {labels.shape}"
            + ("; of one-hot rows, write target.argmax(axis=-1)" if labels.shape == shape else "")
            + ("; write target[..., 0]" if labels.shape == (*shape[:-1], 1) != shape else "")
        )
    classes = shape[-1]
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"cross_entropy: class numbers run from 0 to {classes - 1} for {classes} logits (shape {shape}), "
            f"got {labels.min()} … {labels.max()}"
            + ("; if they count from 1, write target - 1" if labels.min() == 1 and labels.max() == classes else "")
        )
    return (labels[..., None] == to_device(np.arange(classes), device_of(labels))).astype(dtype)
