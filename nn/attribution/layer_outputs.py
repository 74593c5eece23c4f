"""The output of one layer during a forward pass of the model."""

from __future__ import annotations

from typing import Any

import minigrad as mg
from nn.module import Module, observe

__all__ = ["layer_of", "run_and_keep"]


def layer_of(caller: str, model: Module, layer: Module | str) -> tuple[str, Module]:
    """A layer of the model and its dotted name; it is given as either of them.

    Raises:
        TypeError: if it is something else.
        ValueError: if the model has no such layer.
    """
    paths = {module: path for path, module in model.named_modules()}
    named = {path: module for module, path in paths.items()}
    if isinstance(layer, str):
        if layer in named and layer:
            return layer, named[layer]
        close = mg.unsupported.closest(layer, list(named))
        mend = f"did you mean {close!r}?" if close else f"it has {', '.join(path for path in named if path)}"
        raise ValueError(f"{caller}: this {type(model).__name__} has no layer {layer!r}; {mend}")
    if isinstance(layer, Module):
        if layer in paths:
            return paths[layer] or type(model).__name__, layer
        raise ValueError(
            f"{caller}: the layer {type(layer).__name__} is not in this {type(model).__name__}; take one of its own, "
            "by its name or as model.conv1"
        )
    raise TypeError(
        f'{caller}: layer is a module of the model or its dotted name, such as "conv2", got {type(layer).__name__}'
    )


def run_and_keep(caller: str, model: Module, x: Any, name: str, layer: Module) -> tuple[Any, mg.Tensor]:
    """The output of the model, and that of the layer.

    Raises:
        ValueError: if the layer was not called, or several times, or does not depend on the input.
    """
    kept: list[Any] = []
    with observe(lambda module, output: kept.append(output) if module is layer else None):
        y = model(x)
    if not kept:
        raise ValueError(f"{caller}: the layer {name} is not called in a forward pass; take one that is")
    if len(kept) > 1:
        raise ValueError(
            f"{caller}: the layer {name} is called {len(kept)} times in a forward pass, each time with another output; "
            "take a layer that is called once, or the block that it is in"
        )
    (output,) = kept
    if not (isinstance(output, mg.Tensor) and output.requires_grad):
        raise ValueError(f"{caller}: the output of the layer {name} does not depend on the input")
    return y, output
