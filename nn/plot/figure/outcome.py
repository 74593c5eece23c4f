"""What a title says of one sample: its true and its predicted class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.module import Module
from nn.typing import Array

__all__ = ["outcome", "predicted_class", "target_of_one"]


def outcome(called: str, model: Module, output: Array, target: Any, labels: Sequence[str] | None) -> str:
    """``true 7, predicted 2``, of the output for one sample and its class; empty if it has no class.

    Names are `labels`, or those that the model knows, ``model.classes``, or numbers.

    Raises:
        ValueError: if there are fewer names than classes, or no such class.
    """
    if target is None or np.ndim(target) or np.asarray(target).dtype.kind not in "iu":
        return ""
    names = _names(called, model, output, labels)
    if names is None:
        return ""
    number = int(target)
    if not 0 <= number < len(names):
        raise ValueError(f"{called}: target is {number}, but the model has {len(names)} outputs, from 0")
    return f"true {names[number]}, {predicted_class(called, model, output, labels)}"


def predicted_class(called: str, model: Module, output: Array, labels: Sequence[str] | None) -> str:
    """``predicted 2``, of the output for one sample; empty if the model has no classes.

    Raises:
        ValueError: if there are fewer names than classes.
    """
    names = _names(called, model, output, labels)
    return "" if names is None else f"predicted {names[int(np.asarray(output)[0].argmax())]}"


def _names(called: str, model: Module, output: Array, labels: Sequence[str] | None) -> list[str] | None:
    """The name of each class; ``None`` if the output is not a score of each."""
    scores = np.asarray(output)
    if scores.ndim != 2 or scores.shape[1] < 2:
        return None
    classes, known = scores.shape[1], labels if labels is not None else getattr(model, "classes", None)
    if known is not None and len(known) < classes:
        raise ValueError(f"{called}: {len(known)} labels, but the model has {classes} outputs; pass a label for each")
    return [str(i) if known is None else str(known[i]) for i in range(classes)]


def target_of_one(target: Any, is_batch: bool) -> Any:
    """The target of one sample as that of a batch of one: a class number, or an array as the loss takes it."""
    array = np.asarray(target)
    return array if is_batch and array.ndim else array[None]
