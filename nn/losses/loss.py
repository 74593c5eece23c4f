"""What the losses share: the reduction, checked settings, weights as buffers, and how they are shown."""

from __future__ import annotations

from inspect import signature
from typing import Any

import minigrad as mg
from nn.hyperparameters import Setting
from nn.module import Buffer, Module
from nn.typing import Array

__all__ = ["LossModule", "buffer_of", "reductions"]

_REDUCTIONS = ("mean", "sum", "none")


def reductions(*others: str) -> Setting:
    """A setting that is the name of a reduction, or one of these."""

    def check(what: str, value: Any) -> str:
        known = (*_REDUCTIONS, *others)
        if not isinstance(value, str) or value not in known:
            quoted = [f'"{name}"' for name in known]
            raise ValueError(f"{what} is {value!r:.60}, expected {', '.join(quoted[:-1])} or {quoted[-1]}")
        return value

    return Setting(check)


def buffer_of(module: Module, name: str, weight: Array | None) -> Buffer | None:
    """Weights as a buffer of the module, as in PyTorch: they are in its state, and move with it to a GPU.

    Raises:
        TypeError: if they are not numbers, or complex.
    """
    called = f"{type(module).__name__}: {name}"
    if weight is None:
        return None
    if isinstance(weight, str):
        raise TypeError(f"{called} is {weight!r}, expected an array of numbers; write reduction={weight!r}")
    if isinstance(weight, mg.Tensor) and weight.requires_grad:
        raise TypeError(f"{called} requires gradients, but is a buffer, which is not trained; pass weight.detach()")
    try:
        buffer = Buffer(weight, name=name[0])  # derivations call it w, and weights of positives p
    except (TypeError, ValueError) as error:
        raise type(error)(f"{called}: {str(error).partition(': ')[2]}") from None
    if buffer.dtype.kind == "c":
        raise TypeError(f"{called} is complex, expected real numbers")
    return buffer


class LossModule(Module):
    """The base of losses: of outputs and targets a single number, or one for each with ``reduction="none"``."""

    reduction = reductions()

    def extra_repr(self) -> str:
        """The settings that are not the defaults."""
        parameters = signature(type(self)).parameters
        given = {name: getattr(self, name, None) for name in parameters}
        return ", ".join(
            f"{name}={value!r}" if isinstance(value, str | int | float) else f"{name}=…"
            for name, value in given.items()
            if isinstance(value, mg.Tensor) or value != parameters[name].default
        )
