"""The windows that a call of a module moves over its input, in short: ``5×5 s2 p1``."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.forward_record import ForwardRecord, call_of
from nn.printed_text import lengths

__all__ = ["kernels"]


def kernels(record: ForwardRecord) -> list[str]:
    """For each call of a module its windows, with the stride, padding, dilation and groups that are not the usual.

    The usual stride is 1 where weights move over the input, and the length of the window in pooling.
    """
    by_call: defaultdict[Any, list[str]] = defaultdict(list)
    for operation in record.operations:
        if {"stride", "padding"} <= operation.params.keys():
            by_call[call_of(operation.output)].append(_text(operation))
    return [", ".join(by_call.pop(call_of(output, module), ())) for module, output in record.outputs]


def _text(operation: mg.Operation) -> str:
    params = operation.params
    pooling = "kernel" in params
    kernel = tuple(params["kernel"]) if pooling else tuple(np.shape(operation.inputs[1])[2:])
    axes = len(kernel)
    padding = tuple(_one(pair) for pair in params["padding"])
    settings = {
        "s": (tuple(params["stride"]), kernel if pooling else (1,) * axes),
        "p": (padding, (0,) * axes),
        "d": (tuple(params.get("dilation", (1,) * axes)), (1,) * axes),
        "g": ((params.get("groups", 1),), (1,)),
    }
    others = [f"{letter}{lengths(value)}" for letter, (value, usual) in settings.items() if value != usual]
    return " ".join([lengths(kernel, axes), *others])


def _one(pair: Any) -> Any:
    """The padding before and after, as one number if they are equal."""
    before, after = pair
    return before if before == after else f"{before}+{after}"
