"""The table of a model: every layer with its output shape and its number of parameters, as Keras prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module, device_of, evaluation_mode, observe

__all__ = ["LayerSummary", "Summary", "summary"]


@dataclass(frozen=True)
class LayerSummary:
    """One row: the layer's dotted path, its type, its output shape without the batch, its own parameters."""

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int


@dataclass(frozen=True)
class Summary:
    """The layers in the order of their calls; printing it shows the table."""

    model: str
    layers: tuple[LayerSummary, ...]
    total: int

    def __str__(self) -> str:
        header = ("Layer (type)", "Output shape", "Parameters")
        rows = [
            (f"{layer.name} ({layer.kind})", f"(N, {', '.join(map(str, layer.output_shape))})", f"{layer.parameters:,}")
            for layer in self.layers
        ]
        first, second, third = (max(len(row[i]) for row in [header, *rows]) for i in range(3))
        lines = [f"{a:<{first}}  {b:<{second}}  {c:>{third}}" for a, b, c in [header, *rows]]
        rule = "─" * len(lines[0])
        return "\n".join(
            [f"Model: {self.model}", rule, lines[0], rule, *lines[1:], rule, f"Total parameters: {self.total:,}"]
        )


def summary(model: Module, input_shape: tuple[int, ...]) -> Summary:
    """Run one sample of zeros through the model and note what comes out of every layer.

    Arguments:
        input_shape: the shape of one sample, without the batch: ``(1, 28, 28)``.

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
    """
    paths = {module: path for path, module in model.named_modules()}
    layers: list[LayerSummary] = []
    counted: set[int] = set()

    def note(module: Module, output: Any) -> None:
        if not any(True for _ in module.named_children()):
            own = [p for p in module.parameters() if id(p) not in counted]
            counted.update(map(id, own))
            name = paths[module] or type(module).__name__.lower()
            layers.append(LayerSummary(name, type(module).__name__, tuple(output.shape[1:]), sum(p.size for p in own)))

    parameters = list(model.parameters())
    dtype = parameters[0].dtype if parameters else np.float32
    with mg.no_grad(), evaluation_mode(model), observe(note):
        model(mg.to(np.zeros((1, *input_shape), dtype=dtype), device_of(model)))
    return Summary(type(model).__name__, tuple(layers), sum(p.size for p in parameters))
