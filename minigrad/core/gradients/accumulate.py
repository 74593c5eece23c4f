"""Adding error signals to the `grad` of leaves."""

from __future__ import annotations

from threading import RLock
from typing import Any

import numpy as np

from minigrad.core.gradients.sole_reference import LARGE, pop_owned
from minigrad.core.tensor import Tensor
from minigrad.user_frame import warn

__all__ = ["accumulate"]

_array = np.ndarray
_lock = RLock()  # leaf.grad is read, added to and written: no other thread may write in between


def accumulate(signals: dict[Tensor, Any]) -> None:
    """Add the error signal of each leaf to its `grad`; where there is none, it becomes it.

    Arguments:
        signals: the only reference to error signals that the caller does not need afterwards: those of large leaves are
            taken out.
    """
    warned = False
    with _lock:
        for leaf in list(signals):
            if not warned and leaf._grad is not None and _is_outdated(leaf):
                warned = True
                _warn([other for other in signals if other._grad is not None and _is_outdated(other)])
            if leaf._grad is not None or type(signals[leaf]) is not _array:
                _add(leaf, signals[leaf])
            elif (value := leaf._data).nbytes < LARGE:
                leaf._grad = signals[leaf].astype(value.dtype)  # a copy, see sole_reference.py
            else:
                leaf._grad = pop_owned(signals, leaf, value.dtype)


def _add(leaf: Tensor, x_bar: Any) -> None:
    if leaf._grad is not None:
        total = leaf._grad + x_bar
        leaf._grad = total if isinstance(total, Tensor) else total.astype(leaf.data.dtype, copy=False)
    elif isinstance(x_bar, Tensor) or (type(x_bar) is type(leaf._data) and isinstance(x_bar, np.generic)):
        leaf._grad = x_bar  # a number cannot be written into
    else:
        leaf._grad = x_bar.astype(leaf._data.dtype)


def _is_outdated(leaf: Tensor) -> bool:
    """Whether its `grad` is from before its value changed."""
    return getattr(leaf, "_outdated", False) and bool(np.any(leaf._grad))


def _warn(outdated: list[Tensor]) -> None:
    first, more = outdated[0], len(outdated) - 1
    others = f" and of {more} other{'s' * (more > 1)}" if more else ""
    warn(
        f"backward: adds to the grad of {first._called('a Tensor')} (shape {first.shape}){others} from before the "
        "value changed; reset it after each step: optimizer.zero_grad(), or t.zero_grad()"
    )
