"""The state of a module as arrays by name: what it holds is checked before anything is changed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.module.parameter import Buffer
from nn.printed_text import printable

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["load_state", "state_of"]


def state_of(module: Module) -> dict[str, Any]:
    """A copy of each array on the CPU, by its dotted path."""
    return {name: mg.to(tensor.data, "cpu").copy() for name, tensor in _tensors(module).items()}


def load_state(module: Module, state: Mapping[str, Any]) -> None:
    """Set each parameter and buffer to the array of its name, if all fit."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"load_state_dict: expected a dictionary of arrays, as state_dict() returns it, got {state!r:.80}; "
            "of a file, pass what np.load returns"
        )
    tensors = _tensors(module)
    missing = [name for name in tensors if name not in state]
    unknown = [name for name in state if name not in tensors]
    if missing or unknown:
        raise KeyError(
            f"load_state_dict: the state does not fit this {type(module).__name__}: "
            f"missing {missing or 'none'}, unknown {unknown or 'none'}"
        )
    remarks: list[str] = []
    arrays = {name: _as_value_of(t, state[name], printable(name), remarks) for name, t in tensors.items()}
    if remarks:
        warnings.warn(f"load_state_dict: {'; '.join(remarks)}", RuntimeWarning, stacklevel=3)
    for name, tensor in tensors.items():
        tensor.data = mg.to(arrays[name], tensor.device)


def _tensors(module: Module) -> dict[str, mg.Tensor]:
    """The parameters and persistent buffers of each module, in PyTorch's order, each once."""
    found: dict[str, mg.Tensor] = {}
    seen: set[int] = set()
    for prefix, part in module.named_modules():
        own = [*part.named_parameters(prefix, recurse=False), *part.named_buffers(prefix, recurse=False)]
        for name, tensor in own:
            if id(tensor) not in seen and not (isinstance(tensor, Buffer) and not tensor.persistent):
                seen.add(id(tensor))
                found[name] = tensor
    return found


def _as_value_of(tensor: mg.Tensor, given: Any, name: str, remarks: list[str]) -> Any:
    """What a state holds under this name, as an array of the Tensor's shape and dtype, in memory of its own.

    What a user should know of its values is added to `remarks`.
    """
    try:
        array = mg.Tensor(given, device="cpu").data
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"load_state_dict: {name}: {str(error).removeprefix('Tensor: ')}") from None
    if array.shape != tensor.shape:
        raise ValueError(
            f"load_state_dict: {name} has shape {array.shape} in the state, but {tensor.shape} in this model"
        )
    if array.dtype.kind == "c":
        called = "buffer" if isinstance(tensor, Buffer) else "parameter"
        raise TypeError(
            f"load_state_dict: {name} is complex in the state ({array.dtype}), and the {called} is {tensor.dtype}; "
            "store its real part"
        )
    with np.errstate(over="ignore"):
        value = array.astype(tensor.dtype)
    for what, where in {
        "NaN": np.isnan(array),
        "infinity": np.isinf(array),
        f"an overflow of {tensor.dtype}": np.isfinite(array) & ~np.isfinite(value),
    }.items():
        if where.any():
            remarks.append(f"{name} has {what} in {where.sum()} of {where.size} elements")
    return value
