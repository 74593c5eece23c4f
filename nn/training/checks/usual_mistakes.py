"""Warnings of what trains, but badly: unscaled images, a softmax or outputs too many, a batch larger than the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.layers.embedding import Embedding
from nn.losses.classification import CrossEntropyLoss
from nn.typing import Array

if TYPE_CHECKING:
    from nn.training.run.run import Run

__all__ = ["are_probabilities", "warn_of_batch_size", "warn_of_usual_mistakes"]


def warn_of_batch_size(batch_size: int | None, n_samples: int | None) -> None:
    """Warn if a batch size that was asked for is more than there are samples."""
    if batch_size is not None and n_samples is not None and batch_size > n_samples:
        mg.user_frame.warn(
            f"fit: batch_size={batch_size} is more than the {n_samples} samples, so every epoch is one step; did you "
            "pass all the data? Otherwise choose a smaller batch_size",
            UserWarning,
        )


def warn_of_usual_mistakes(run: Run, x: Array, output: Array) -> None:
    """Look at the first batch of a training, once."""
    if run.step or run.batch:
        return
    values = np.asarray(mg.to(x, "cpu"))
    numbers = _unscaled(values)
    if numbers and not any(isinstance(part, Embedding) for part in run.model.modules()):
        white = 16 if values.max() == 16 else 255  # scikit-learn's digits
        mg.user_frame.warn(
            f"fit: the inputs are images of {numbers} up to {values.max():.4g}, as in a file; most models learn slowly "
            f"or not at all from such numbers: divide them by {white}, x / {white}",
            UserWarning,
        )
    names = run.data.classes
    if isinstance(run.loss, CrossEntropyLoss) and names and output.ndim == 2 and output.shape[1] > len(names):
        mg.user_frame.warn(
            f"fit: the model has {output.shape[1]} outputs, and the data {len(names)} classes, so its predictions have "
            f"no names; end it with {len(names)} outputs, as nn.Linear(…, {len(names)})",
            UserWarning,
        )
    if isinstance(run.loss, CrossEntropyLoss) and are_probabilities(np.asarray(mg.to(mg.Tensor(output).data, "cpu"))):
        mg.user_frame.warn(
            "fit: the outputs are probabilities, and the cross-entropy takes logits, of which it computes the softmax "
            "itself; leave out the softmax at the end of the model, or write loss=nn.NLLLoss() after a LogSoftmax",
            UserWarning,
        )


def _unscaled(x: Any) -> str:
    """What the pixels are, if they run from 0 to 255: also resized ones, which are not whole."""
    if x.ndim < 3 or not x.size or x.dtype.kind not in "uif" or x.min() < 0 or x.max() > 255:
        return ""
    if (x == np.round(x)).all():
        return "whole numbers" if x.max() > 15 else ""
    return "numbers" if x.ndim == 4 and x.shape[1] in (1, 3, 4) and x.max() > 200 else ""


def are_probabilities(y: Any) -> bool:
    """Whether rows are positive and have a sum of 1, which logits have practically never."""
    if y.ndim < 2 or y.shape[1] < 2 or not y.size:
        return False
    return bool((y >= 0).all() and np.allclose(y.sum(axis=1), 1, atol=1e-3))
