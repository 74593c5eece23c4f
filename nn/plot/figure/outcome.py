"""What a title says of one sample: its true and its predicted class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.module import Module
from nn.typing import Array

__all__ = ["outcome", "target_of_one"]


def outcome(called: str, model: Module, output: Array, target: Any, labels: Sequence[str] | None) -> str:
    """``true 7, predicted 2``, of the output for one sample and its class; empty if it has no class.

    Names are `labels`, or those that the model knows, ``model.classes``, or numbers.

    Raises:
        ValueError: if there are fewer names than classes.
    """
    scores = np.asarray(output)
    if target is None or np.ndim(target) or np.asarray(target).dtype.kind not in "iu" or scores.ndim != 2:
        return ""
    classes, known = scores.shape[1], labels if labels is not None else getattr(model, "classes", None)
    if classes < 2:
        return ""
    if known is not None and len(known) < classes:
        raise ValueError(f"{called}: {len(known)} labels, but the model has {classes} outputs; pass a label for each")
    name = str if known is None else lambda number: str(known[number])
    return f"true {name(int(target))}, predicted {name(int(scores[0].argmax()))}"


def target_of_one(target: Any, is_batch: bool) -> Any:
    """The target of one sample as that of a batch of one: a class number, or an array as the loss takes it."""
    array = np.asarray(target)
    return array if is_batch and array.ndim else array[None]
