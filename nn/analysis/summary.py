"""The summary of a model: its layers with their output shapes and numbers of parameters, as Keras prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nn.analysis.forward_record import record_forward
from nn.analysis.unshared_parameters import unshared_parameters
from nn.layers.containers.parameter_dict import ParameterDict
from nn.layers.containers.parameter_list import ParameterList
from nn.module import Module, Parameter
from nn.printed_text import text_table
from nn.unsupported import explains_calls

__all__ = ["LayerSummary", "Summary", "summary"]


@dataclass(frozen=True)
class LayerSummary:
    """One row: the layer's dotted path, its type, its output shape without the batch, its own parameters.

    Attributes:
        without_sharing: the number of parameters without parameter sharing; ``None`` if it was not asked for.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    without_sharing: int | None = None


@dataclass(frozen=True, repr=False)
class Summary:
    """The layers in the order of their calls; printing it shows the table.

    Attributes:
        total: the number of parameters, frozen ones included.
        frozen: how many of them are not trained, because their `requires_grad` is ``False``.
        buffers: the number of elements of buffers, which are no parameters.
    """

    model: str
    layers: tuple[LayerSummary, ...]
    total: int
    total_without_sharing: int | None = None
    frozen: int = 0
    buffers: int = 0

    @property
    def non_trainable(self) -> int:
        """How many numbers of the model are not trained: its frozen parameters and its buffers."""
        return self.frozen + self.buffers

    def __str__(self) -> str:
        header = ["Layer (type)", "Output shape", "Parameters"]
        rows = [
            [f"{layer.name} ({layer.kind})", str(("N", *layer.output_shape)).replace("'", ""), f"{layer.parameters:,}"]
            for layer in self.layers
        ]
        below = [f"Total parameters: {self.total:,}"]
        if self.total_without_sharing is not None:
            header.append("Without sharing")
            rows = [[*row, f"{layer.without_sharing:,}"] for row, layer in zip(rows, self.layers, strict=True)]
            below[0] += f"; without sharing: {self.total_without_sharing:,}"
        if self.non_trainable:
            parts = {"frozen parameters": self.frozen, "buffers": self.buffers}
            below.append("Non-trainable: " + ", ".join(f"{n:,} in {part}" for part, n in parts.items() if n))
        return text_table(f"Model: {self.model}", [header, *rows], len(header) - 2, *below)

    __repr__ = __str__


@explains_calls
def summary(model: Module, input_shape: tuple[int, ...], sharing: bool = False) -> Summary:
    """Run one sample of zeros through the model, and list the output shape and the parameters of each layer.

    Arguments:
        input_shape: the shape of one sample, without the batch: ``(1, 28, 28)``.
        sharing: whether to count the parameters without parameter sharing, too: with other weights and another bias
            for each position of a filter, and for each call of a layer.

    Numbers that are not trained, those of frozen parameters and of buffers, are counted in a line of their own.

    Raises:
        RuntimeError: if `sharing` is asked for within ``no_grad``, where nothing is recorded.

    >>> import nn
    >>> print(summary(nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.MaxPool2d(2)), (1, 28, 28)))
    Model: Sequential
    ─────────────────────────────────────────
    Layer (type)   Output shape    Parameters
    ─────────────────────────────────────────
    0 (Conv2d)     (N, 8, 28, 28)         208
    1 (MaxPool2d)  (N, 8, 14, 14)           0
    ─────────────────────────────────────────
    Total parameters: 208
    >>> summary(nn.Sequential(nn.Conv2d(1, 8, 5, padding=2)), (1, 28, 28), sharing=True).total_without_sharing
    163072
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary: expected a model composed of nn.Modules, got {type(model).__name__}")
    if not isinstance(input_shape, tuple | list):
        what = type(input_shape).__name__
        raise TypeError(f"summary: input_shape is of type {what}, expected the shape of one sample, as (1, 28, 28)")
    paths = {module: path for path, module in model.named_modules()}
    record = record_forward(model, input_shape)
    unshared = unshared_parameters(record) if sharing else [None] * len(record.calls)
    layers: list[LayerSummary] = []
    counted: set[int] = set()
    for (module, output), without_sharing in zip(record.calls, unshared, strict=True):
        own = [p for p in _own_parameters(module) if id(p) not in counted]
        counted.update(map(id, own))
        if own or not any(True for _ in module.children()):
            name, kind = paths[module] or type(module).__name__.lower(), type(module).__name__
            layers.append(LayerSummary(name, kind, tuple(output.shape[1:]), sum(p.size for p in own), without_sharing))
    return Summary(
        type(model).__name__,
        tuple(layers),
        sum(p.size for p in model.parameters()),
        sum(n or 0 for n in unshared) if sharing else None,
        frozen=sum(p.size for p in model.parameters() if not p.requires_grad),
        buffers=sum(buffer.size for buffer in model.buffers()),
    )


def _own_parameters(module: Module) -> Iterator[Parameter]:
    """Its parameters without those of its layers; a list of parameters is not a layer."""
    yield from module.parameters(recurse=False)
    for child in module.children():
        if isinstance(child, ParameterList | ParameterDict):
            yield from child.parameters()
