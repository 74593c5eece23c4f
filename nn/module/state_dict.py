"""The state of a module as arrays by name: what it holds is checked before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.module.attributes import find, join, walk
from nn.module.generators import array_of_generator, drawn_generators, generator_state, set_generator
from nn.module.parameter import Buffer, Parameter
from nn.module.state_report import StateReport
from nn.printed_text import printable

if TYPE_CHECKING:
    from nn.module.module import Module

__all__ = ["load_state", "state_of"]


def state_of(module: Module) -> dict[str, Any]:
    """A copy of each array on the CPU, by its dotted path; after them the states of generators."""
    state = {name: mg.to(tensor.data, "cpu").copy() for name, tensor in _tensors(module).items()}
    return state | {name: array_of_generator(rng) for name, rng in drawn_generators(module).items()}


def load_state(module: Module, state: Mapping[str, Any], strict: bool) -> StateReport:
    """Set what belongs to the module to the arrays of its names, if all fit; without `strict`, those that fit."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"load_state_dict: expected a dictionary of arrays, as state_dict() returns it, got {state!r:.80}; "
            "of a file, write nn.load(path, into=model)"
        )
    tensors, generators = _tensors(module), dict(module.named_generators())
    own: dict[str, Any] = tensors | generators
    found: dict[str, Any] = {}  # by the first name of each part
    report, remarks = StateReport([], [], {}), list[str]()
    for given in state:
        name = given if given in own else _first_name(module, own, given)
        if name is None:
            report.unexpected_keys.append(given)
            continue
        if name in tensors:
            value = _as_value_of(tensors[name], state[given], printable(given), remarks)
            if value.shape != tensors[name].shape:
                report.mismatched[given] = (value.shape, tensors[name].shape)
        else:
            value = generator_state(generators[name], state[given], printable(given))
        if name in found and not np.array_equal(found[name], value, equal_nan=name in tensors):
            raise ValueError(
                f"load_state_dict: {printable(name)} and {printable(given)} are one in this {type(module).__name__}, "
                "and differ in the state"
            )
        found[name] = value
    report.missing_keys.extend(name for name in tensors if name not in found)
    if strict:
        report.require_nothing(module, state)
    elif state and not found:
        mg.user_frame.warn(
            f"load_state_dict: nothing was loaded, for no name of the state is one of this {type(module).__name__}",
        )
    if remarks:
        mg.user_frame.warn(f"load_state_dict: {'; '.join(remarks)}")
    for name, value in found.items():
        if name in generators:
            set_generator(module, name, generators[name], value)
        elif value.shape == tensors[name].shape:
            tensors[name].data = mg.to(value, tensors[name].device)
    return report


def _first_name(module: Module, own: Mapping[str, Any], name: Any) -> str | None:
    """The name under which the state has what is here, too: of weights that are tied."""
    part = find(module, name) if isinstance(name, str) else None
    return next((first for first, other in own.items() if other is part), None)


def _tensors(module: Module) -> dict[str, mg.Tensor]:
    """The parameters and persistent buffers of each module, in PyTorch's order, each once."""
    found: dict[str, mg.Tensor] = {}
    seen: set[int] = set()
    for path, _, own in walk(module):
        parameters = [(name, part) for name, part in own if isinstance(part, Parameter)]
        buffers = [(name, part) for name, part in own if isinstance(part, Buffer) and part.persistent]
        for name, tensor in (*parameters, *buffers):
            if id(tensor) in seen:
                continue
            name = join(path, name)
            if name in found:
                raise ValueError(f"state_dict: two Tensors have the name {printable(name)}; rename an attribute")
            seen.add(id(tensor))
            found[name] = tensor
    return found


def _as_value_of(tensor: mg.Tensor, given: Any, name: str, remarks: list[str]) -> Any:
    """What a state holds under this name, as an array of the Tensor's dtype, in memory of its own.

    What a user should know of its values is added to `remarks`.
    """
    try:
        array = mg.Tensor(given, device="cpu").data
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"load_state_dict: {name}: {str(error).removeprefix('Tensor: ')}") from None
    called = "buffer" if isinstance(tensor, Buffer) else "parameter"
    if array.dtype.kind == "c" != tensor.dtype.kind:
        raise TypeError(
            f"load_state_dict: {name} is complex in the state ({array.dtype}), and the {called} is {tensor.dtype}; "
            "store its real part"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        value = array.astype(tensor.dtype)
    if tensor.dtype.kind not in "fc" and not np.array_equal(value, array):
        raise ValueError(f"load_state_dict: {name} has values in the state that {tensor.dtype}, its dtype, does not")
    for what, where in {
        "NaN": np.isnan(array),
        "infinity": np.isinf(array),
        f"an overflow of {tensor.dtype}": np.isfinite(array) & ~np.isfinite(value),
    }.items():
        if where.any():
            remarks.append(f"{name} has {what} in {where.sum()} of {where.size} elements")
    return value
