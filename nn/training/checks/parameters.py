"""Whether an optimizer trains this model: not another one, and not layers that the model had before."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module
from nn.optim.optimizer import Optimizer

__all__ = ["check_parameters"]


def check_parameters(model: Module, loss: Any, optimizer: Optimizer) -> None:
    """Compare the parameters of an optimizer with those of a model, and of a loss that is a module.

    Warns:
        UserWarning: if the optimizer holds only a part of the parameters to be trained.

    Raises:
        ValueError: if it holds others in their place.
    """
    own = {p: name for part in (loss, model) if isinstance(part, Module) for name, p in part.named_parameters()}
    held = set(optimizer.params)
    left_out = [name for p, name in own.items() if p.requires_grad and p not in held]
    others = [p for p in optimizer.params if p not in own]
    if not left_out:
        return
    names = ", ".join(left_out[:4]) + (f" and {len(left_out) - 4} more" if len(left_out) > 4 else "")
    if others:
        raise ValueError(
            f"fit: the optimizer lacks {names} of this {type(model).__name__}, and holds parameters that it does not "
            "have; it was made for another model, or before a layer was replaced: make it anew with "
            f"{type(optimizer).__name__}(model.parameters(), …)"
        )
    mg.user_frame.warn(
        f"fit: the optimizer does not train {names}; pass it model.parameters(), or say that they are to keep their "
        "values by requires_grad = False",
        UserWarning,
    )
