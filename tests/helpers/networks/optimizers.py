"""Every optimizer, and a step of any of them: L-BFGS needs a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nn

__all__ = ["OPTIMIZERS", "RICH", "minimize"]

#: The classes, by name.
OPTIMIZERS: dict[str, Any] = {
    name: cls
    for name in nn.optim.__all__
    if isinstance(cls := getattr(nn.optim, name), type)
    and issubclass(cls, nn.optim.Optimizer)
    and cls is not nn.optim.Optimizer
}

#: Settings with which an optimizer keeps all that it can of a parameter, where the defaults keep less.
RICH: dict[str, dict[str, Any]] = {
    "SGD": {"momentum": 0.9},
    "Adam": {"amsgrad": True},
    "AdamW": {"amsgrad": True},
    "RMSprop": {"momentum": 0.9, "centered": True},
}


def minimize(optimizer: Any, loss: Callable[[], Any]) -> Any:
    """One step on the loss that a function computes, of minigrad's or PyTorch's."""

    def closure() -> Any:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    return optimizer.step(closure)
