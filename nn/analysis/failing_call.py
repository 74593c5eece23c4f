"""The layer at which a forward pass failed: its path, and what came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.module import Module

__all__ = ["FailingCall", "failing_call"]


@dataclass(frozen=True)
class FailingCall:
    """The innermost call of a module that did not return.

    Attributes:
        name, kind: the dotted path of the module, and its type.
        got: the shape of what it was called with, ``(N, 400)``; of several arguments the shapes.
        message: what the error says.
    """

    name: str
    kind: str
    got: str
    message: str


def failing_call(model: Module, error: Exception) -> FailingCall:
    """The last call of a module that the traceback of an error passes through; of the model itself if there is none."""
    module, args = model, ()
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code is Module.__call__.__code__:
            module, args = frame.f_locals["self"], (*frame.f_locals["args"], *frame.f_locals["kwargs"].values())
        traceback = traceback.tb_next
    path = next((path for path, part in model.named_modules() if part is module), "")
    kind = type(module).__name__
    got = ", ".join(map(_shape, args)) or "nothing"
    return FailingCall(path or kind.lower(), kind, got, str(error) or type(error).__name__)


def _shape(value: Any) -> str:
    """The shape of an argument with N for the batch, or the type of what has none."""
    shape = getattr(value, "shape", None)
    if not isinstance(shape, tuple) or not shape:
        return str(np.shape(value)) if isinstance(value, int | float) else type(value).__name__
    return str(("N", *shape[1:])).replace("'", "")
