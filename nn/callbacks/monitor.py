"""The number of an epoch that a callback watches, and whether it is better than another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number

__all__ = ["Mode", "Monitor", "mode_of"]

Mode = Literal["auto", "min", "max"]

#: Parts of names, by which "auto" knows what is better.
_MORE = ("acc", "precision", "recall", "f1", "auc")
_LESS = ("loss", "err", "mse", "mae")


class Monitor:
    """The name of a number in the logs, such as ``"val_loss"``, and whether less of it is better, or more.

    Arguments:
        called: the callback, for errors.
        name: the name of the number.
        mode: ``"min"`` if less is better, ``"max"`` if more is; ``"auto"`` knows it of losses, errors, and the metrics
            of classes.
        min_delta: how much better a number has to be.

    Attributes:
        worst: the start for the best value: ∞, or −∞. NaN is not better than anything.

    Raises:
        TypeError: if `name` is not a text, or `min_delta` not a number.
        ValueError: if there is no such `mode`, or `min_delta` is negative.
    """

    def __init__(self, called: str, name: str, mode: Mode, min_delta: float = 0.0) -> None:
        if not isinstance(name, str):
            raise TypeError(f'{called}: monitor is {name!r:.80}, expected a name in the logs, such as "val_loss"')
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"{called}: mode is {mode!r:.80}, expected 'auto', 'min' or 'max'")
        self.called, self.name = called, name
        known = mode_of(name) if mode == "auto" else mode
        self._is_known = known is not None
        self.mode: Literal["min", "max"] = known or "min"
        self.min_delta = finite_number(f"{called}: min_delta", min_delta)
        self.worst = math.inf if self.mode == "min" else -math.inf

    def __repr__(self) -> str:
        return repr(self.name)

    def value(self, run: Any) -> float:
        """The number of this epoch.

        Raises:
            ValueError: if the logs do not have it, or ``"auto"`` does not know whether less of it is better, or more.
            TypeError: if it is an array.
        """
        if self.name not in run.logs:
            raise ValueError(f"{self.called}: monitor is {self.name!r}, but {_available(self.name, run.logs)}")
        if not self._is_known:
            raise ValueError(f"{self.called}: is less of {self.name!r} better, or more? Write mode='min' or mode='max'")
        value = run.logs[self.name]
        if np.ndim(value):
            raise TypeError(
                f"{self.called}: {self.name} is an array of shape {np.shape(value)}, and cannot be better or worse; "
                "monitor a number"
            )
        return float(value)

    def is_better(self, value: float, best: float) -> bool:
        """Whether a number is better than another, by more than `min_delta`."""
        return value < best - self.min_delta if self.mode == "min" else value > best + self.min_delta


def mode_of(name: str) -> Literal["min", "max"] | None:
    """Whether less of a number is better, or more, as its name says; ``None`` if it does not."""
    known = name.lower()
    if any(part in known for part in _LESS):
        return "min"
    return "max" if any(part in known for part in _MORE) else None


def _available(name: str, logs: Mapping[str, Any]) -> str:
    """What the logs have, and how to get what they lack."""
    names = ", ".join(logs) or "nothing"
    if name.startswith("val_") and name.removeprefix("val_") in logs:
        return f"there are no validation data; pass validation_data=(x_val, y_val), or monitor one of {names}"
    close = mg.unsupported.closest(name, logs) or next((known for known in logs if known.startswith(name)), None)
    return f"the logs of an epoch have {names}" + (f"; did you mean {close!r}?" if close else "")
