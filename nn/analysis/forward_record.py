"""One forward pass of a model on record: the calls of its layers, and the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from nn.layers.embedding import Embedding
from nn.module import Module, device_of, evaluation_mode, observe

__all__ = ["ForwardRecord", "record_forward"]


@dataclass(frozen=True, eq=False)
class ForwardRecord:
    """A forward pass of one sample.

    Attributes:
        sample: the input of the model.
        calls: every call of a module, in the order of their returns: the module and its output.
    """

    sample: mg.Tensor
    calls: list[tuple[Module, Any]]

    def operations(self) -> list[mg.Operation]:
        """Each recorded operation once, inputs before outputs.

        Raises:
            RuntimeError: if nothing was recorded.
        """
        found: dict[mg.Tensor, mg.Operation] = {}
        for _, output in self.calls:
            if isinstance(output, mg.Tensor) and output not in found:
                found.update((operation.output, operation) for operation in mg.operations(output))
        if not found and not any(output is self.sample for _, output in self.calls):  # as of an Identity
            raise RuntimeError(
                "nothing was recorded of the model's forward pass; call this outside of no_grad, and let forward "
                "compute with minigrad's or NumPy's functions"
            )
        return list(found.values())


def record_forward(model: Module, input_shape: tuple[int, ...]) -> ForwardRecord:
    """Run a model on one sample of zeros of this shape, in evaluation mode: integers for one with an `Embedding`."""
    parameter = next(model.parameters(), None)
    numbered = any(isinstance(module, Embedding) for _, module in model.named_modules())
    dtype: Any = int if numbered else np.float32 if parameter is None else parameter.dtype
    sample = mg.Tensor(np.zeros((1, *input_shape), dtype), device=device_of(model), requires_grad=not numbered)
    calls: list[tuple[Module, Any]] = []
    with evaluation_mode(model), observe(lambda module, output: calls.append((module, output))):
        model(sample)
    return ForwardRecord(sample, calls)
