"""``nn.draw``: the graph of a model's forward pass as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import copy_context
from inspect import Parameter, signature
from typing import Any

import minigrad as mg
from nn.analysis.forward_record import tensors_in
from nn.analysis.unchanged import unchanged
from nn.module import Module
from nn.random import clear_position
from nn.unsupported import explains_calls

__all__ = ["draw"]


@explains_calls
def draw(model: Module, *inputs: Any, loss: Callable[[Any], mg.Tensor] | None = None, **options: Any) -> mg.Drawing:
    """Run a model, and draw all that it computes, from its inputs to its output or to the loss.

    Everything is recorded, also what comes before the first parameter and what needs no gradients. The model runs in
    the mode that it is in, and is left as it was: running means and variances, and the random numbers of dropout, are
    those from before. No ``grad`` changes.

    Arguments:
        inputs: as the model is called with. Arrays have in the picture the names of ``forward``'s parameters.
        loss: a function of the model's output. Error signals start at a single number: without a loss there are none,
            unless the output is such a number.
        options: as of `minigrad.draw`: ``level="modules"``, ``theme="paper"`` …

    Returns:
        The `minigrad.Drawing`.

    Raises:
        TypeError: if `model` is not a module, or neither its output nor the loss is a Tensor or has some in it.

    What the model itself raises is raised as it is, with the graph up to the operation that failed as
    ``error.drawing``. A notebook shows it.

    >>> import nn, numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2, rng=0))
    >>> drawing = nn.draw(model, np.ones((1, 2, 2), np.float32), loss=lambda y: (y**2).sum())
    >>> isinstance(drawing, mg.Drawing)
    True
    """
    if not isinstance(model, Module):
        hint = "; mg.draw draws what was computed" if isinstance(model, mg.Tensor) else ""
        raise TypeError(f"draw: expected a model composed of nn.Modules, got {type(model).__name__}{hint}")
    return copy_context().run(_draw, model, inputs, loss, options)


def _draw(model: Module, inputs: tuple[Any, ...], loss: Any, options: dict[str, Any]) -> mg.Drawing:
    clear_position()  # in this context alone: calls of layers are counted there
    given = [_named(x, name) for x, name in zip(inputs, _names(model), strict=False)]
    with unchanged(model):
        with mg.record():
            output = model(*given)
            result = output if loss is None else loss(output)
        roots = list(tensors_in(result))
        if not roots:
            what = "the model" if loss is None else "the loss"
            raise TypeError(f"draw: {what} returned {type(result).__name__}, expected a Tensor, or several")
        root: Any = roots[0] if len(roots) == 1 else roots
        return mg.draw(root, **options)


def _names(model: Module) -> Iterator[str]:
    """The names of the parameters of forward by position; of any number of them x_0, x_1 and so on."""
    for parameter in signature(model.forward).parameters.values():
        if parameter.kind is Parameter.VAR_POSITIONAL:
            yield from (f"{parameter.name}_{i}" for i in range(1000))
        yield parameter.name


def _named(x: Any, name: str) -> Any:
    """An array as a Tensor with a name; anything else as it is."""
    is_array = hasattr(x, "dtype") and hasattr(x, "shape") and not isinstance(x, mg.Tensor)
    return mg.Tensor(x, name=name) if is_array else x
