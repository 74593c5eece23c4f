"""Over how much a loss takes its mean: targets that are ignored do not count, others by the weight of their class."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.typing import Array

__all__ = ["target_weight"]


def target_weight(loss: Any, target: Array) -> float:
    """What a mean loss is divided by, but for a factor that all batches share: the number of targets, or of samples.

    Arguments:
        loss: the loss. Class numbers that are its ``ignore_index`` do not count, and its ``weight`` has one for each
            class.
        target: the targets of a batch.

    >>> import nn, numpy as np
    >>> loss = nn.CrossEntropyLoss(np.array([1.0, 3.0]), ignore_index=-1)
    >>> target_weight(loss, np.array([0, 1, 1, -1])), target_weight(None, np.zeros((4, 2)))
    (7.0, 4)
    """
    ignored = getattr(loss, "ignore_index", None)
    if ignored is None or target.dtype.kind not in "iu":
        return len(target)
    counted = target != ignored
    if (weight := getattr(loss, "weight", None)) is None:
        return int(np.count_nonzero(counted))
    counted &= (target >= 0) & (target < len(weight.data))  # the loss itself refuses others
    return float(weight.data[target[counted]].sum())
