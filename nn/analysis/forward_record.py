"""One forward pass of a model on record: the calls of its layers, and the graph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

import minigrad as mg
from nn.layers.embedding import Embedding
from nn.module import Module, device_of, evaluation_mode, observe, training_mode

__all__ = ["ForwardRecord", "call_of", "record_forward", "tensors_in"]


@dataclass(eq=False)
class ForwardRecord:
    """A forward pass of one sample, or a few.

    Attributes:
        sample: the input of the model.
        calls: every call of a module, in the order of their returns: the module and its output.
        error: what the forward pass raised, if it did not reach its end.
    """

    sample: mg.Tensor
    calls: list[tuple[Module, Any]] = field(default_factory=list)
    error: Exception | None = None

    @cached_property
    def operations(self) -> list[mg.Operation]:
        """Each recorded operation once, inputs before outputs; none if nothing was recorded."""
        found: dict[mg.Tensor, mg.Operation] = {}
        for _, output in reversed(self.calls):  # the graph of the last output has nearly all
            for tensor in tensors_in(output):
                if tensor not in found:
                    for operation in mg.operations(tensor):
                        found.setdefault(operation.output, operation)
        return list(found.values())

    @property
    def outputs(self) -> list[tuple[Module, mg.Tensor | None]]:
        """The calls with their outputs; of several the first Tensor."""
        return [(module, next(tensors_in(output), None)) for module, output in self.calls]

    def is_recorded(self, output: mg.Tensor | None) -> bool:
        """Whether the graph says how this was computed; of whole numbers nothing needs to be known."""
        if output is None:
            return False
        return output.requires_grad or output is self.sample or output.dtype.kind not in "fc"

    def require_graph(self) -> None:
        """Refuse a record that has no graph.

        Raises:
            RuntimeError: if nothing was recorded.
        """
        if not self.operations and not any(output is self.sample for _, output in self.calls):  # as of an Identity
            raise RuntimeError(
                "nothing was recorded of the model's forward pass; call this outside of no_grad, and let forward "
                "compute with minigrad's or NumPy's functions"
            )


def record_forward(
    model: Module, input_shape: tuple[int, ...], *, n: int = 1, training: bool = False, stop: bool = True
) -> ForwardRecord:
    """Run a model on samples of zeros of this shape; of whole numbers if it has an `Embedding`.

    Arguments:
        n: the number of samples.
        training: whether in training mode, and with an input that requires no gradients, as in training. Otherwise in
            evaluation mode, and all that is computed from the input or from parameters is recorded.
        stop: whether an error of the model is raised; otherwise the record has it.
    """
    parameter = next(model.parameters(), None)
    numbered = any(isinstance(module, Embedding) for _, module in model.named_modules())
    dtype: Any = int if numbered else np.float32 if parameter is None else parameter.dtype
    zeros = np.zeros((n, *input_shape), dtype)
    record = ForwardRecord(mg.Tensor(zeros, device=device_of(model), requires_grad=not numbered and not training))
    with ExitStack() as stack:
        if numbered and not training:  # rows of a frozen table would be constants
            stack.enter_context(_all_trained(model))
        stack.enter_context((training_mode if training else evaluation_mode)(model))
        stack.enter_context(observe(lambda module, output: record.calls.append((module, output))))
        try:
            model(record.sample)
        except Exception as error:
            if stop:
                raise
            record.error = error
    return record


@contextmanager
def _all_trained(model: Module) -> Iterator[None]:
    """Within the block, frozen parameters require gradients, too."""
    frozen = [p for p in model.parameters() if not p.requires_grad]
    for p in frozen:
        p.requires_grad = True
    try:
        yield
    finally:
        for p in frozen:
            p.requires_grad = False


def tensors_in(result: Any) -> Iterator[mg.Tensor]:
    """The Tensors in what a module returned."""
    if isinstance(result, mg.Tensor):
        yield result
    elif isinstance(result, list | tuple | dict):
        for part in result.values() if isinstance(result, dict) else result:
            yield from tensors_in(part)


def call_of(output: mg.Tensor | None, module: Module | None = None) -> Any:
    """The scope of the innermost call, of this module if one is given, in which a Tensor was computed."""
    scope = output.scope if output is not None else None
    for enclosing in reversed(scope.path() if scope is not None else []):
        called = getattr(enclosing.label, "module", None)
        if called is not None and module in (None, called):
            return enclosing
    return None
