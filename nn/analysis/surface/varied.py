"""Parameters that are moved for a while, and are as before afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.unchanged import unchanged
from nn.module import Module, evaluation_mode

__all__ = ["named_tensors", "varied"]


def named_tensors(parameters: Any) -> dict[str, mg.Tensor]:
    """The Tensors by their names: those of a model, of a dictionary, or of a list.

    Raises:
        TypeError: if something is not a Tensor of floating-point numbers that was not computed.
        ValueError: if there are none.
    """
    if isinstance(parameters, Module):
        found: dict[str, Any] = dict(parameters.named_parameters())
    elif isinstance(parameters, Mapping):
        found = {str(name): tensor for name, tensor in parameters.items()}
    else:
        given: Iterable[Any] = [parameters] if isinstance(parameters, mg.Tensor) else parameters
        found = {getattr(t, "name", None) or f"parameter {i}": t for i, t in enumerate(given, 1)}
    for name, tensor in found.items():
        if not isinstance(tensor, mg.Tensor):
            raise TypeError(
                f"loss_surface: {name} is a {type(tensor).__name__}, expected a Tensor: "
                "give a model, or Tensors that the loss is computed from, [w, b]"
            )
        if tensor.dtype.kind != "f":
            raise TypeError(f"loss_surface: {name} has dtype {tensor.dtype}, expected floating-point numbers")
        if not tensor.is_leaf:
            raise TypeError(f"loss_surface: {name} was computed; give the Tensors that it was computed from")
    if not sum(tensor.size for tensor in found.values()):
        raise ValueError("loss_surface: there are no parameters; give a model that has some, or Tensors: [w, b]")
    return found


@contextmanager
def varied(parameters: Any, tensors: list[mg.Tensor]) -> Iterator[Callable[[Any], None]]:
    """A function that sets all numbers to those of a vector; after the block the arrays are those from before.

    A model is in evaluation mode meanwhile, and nothing is recorded.
    """
    model = parameters if isinstance(parameters, Module) else None
    arrays = [tensor.data for tensor in tensors]
    ends = np.cumsum([tensor.size for tensor in tensors])[:-1]

    def move(vector: Any) -> None:
        for tensor, array, part in zip(tensors, arrays, np.split(vector, ends), strict=True):
            tensor.data = mg.to(part.reshape(array.shape).astype(array.dtype), tensor.device)

    kept = nullcontext() if model is None else unchanged(model)
    mode = nullcontext() if model is None else evaluation_mode(model)
    with mg.no_grad(), kept, mode:
        try:
            yield move
        finally:
            for tensor, array in zip(tensors, arrays, strict=True):
                tensor.data = array
