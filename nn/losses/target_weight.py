"""Over how much a loss takes its mean: targets that are ignored do not count, others by the weight of their class."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np

import minigrad as mg
from nn.typing import Array

__all__ = ["is_sum", "setting_of", "target_weight"]


def setting_of(loss: Any, name: str) -> Any:
    """A setting of a loss: an attribute, or of a function the default of its argument; ``None`` if it does not say.

    >>> import nn
    >>> setting_of(nn.CrossEntropyLoss(ignore_index=7), "ignore_index"), setting_of(mg.cross_entropy, "ignore_index")
    (7, -100)
    """
    if hasattr(loss, name):
        return getattr(loss, name)
    try:
        argument = signature(loss).parameters.get(name)
    except (TypeError, ValueError):  # no function, or one of C that does not tell
        return None
    return None if argument is None or argument.default is Parameter.empty else argument.default


def is_sum(loss: Any) -> bool:
    """Whether a loss says that it is a sum over its targets, and not their mean.

    >>> import nn
    >>> is_sum(nn.MSELoss()), is_sum(nn.MSELoss(reduction="sum")), is_sum(mg.sum_squared_error)
    (False, True, True)
    """
    return bool(setting_of(loss, "reduction") == "sum")


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
    if target.dtype.kind not in "iu" or (ignored := setting_of(loss, "ignore_index")) is None:
        return len(target)
    counted = target != ignored
    if (weight := setting_of(loss, "weight")) is None:
        return int(np.count_nonzero(counted))
    weight = weight.data if isinstance(weight, mg.Tensor) else weight
    weight = mg.to(weight if hasattr(weight, "dtype") else np.asarray(weight), target.device)
    counted &= (target >= 0) & (target < len(weight))  # the loss itself refuses others
    return float(weight[target[counted]].sum())
