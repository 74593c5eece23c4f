"""Cross-entropy from logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.device import device_of, to_device
from minigrad.kernels.reductions.softmax import log_softmax


def softmax_cross_entropy(z: Any, t: Any) -> Any:
    """−Σ t log softmax(z) over the last axis; a class of probability 0 adds nothing, even at a logit of −inf."""
    log_y = log_softmax(z, axis=-1)
    share = np.where(t != 0, log_y, 0)
    share *= t
    return -share.sum(axis=-1)


def mse_loss(y: Any, t: Any) -> Any:
    """The mean of the squared differences; the sum of squares is a dot product."""
    difference = y - t
    return np.vdot(difference, difference) / difference.dtype.type(difference.size)


def one_hot(labels: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Class numbers as rows of zeros with a one.

    Raises:
        ValueError: if the labels do not fit the shape ``(…, C)``, or a label is not one of 0 … C−1.
    """
    if labels.shape != shape[:-1]:
        raise ValueError(
            f"cross_entropy: {shape[:-1]} rows of logits (shape {shape}) need class numbers of shape {shape[:-1]}, "
            f"got shape {labels.shape}"
        )
    classes = shape[-1]
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"cross_entropy: class numbers run from 0 to {classes - 1} for {classes} logits (shape {shape}), "
            f"got {labels.min()} … {labels.max()}"
        )
    return (labels[..., None] == to_device(np.arange(classes), device_of(labels))).astype(dtype)
