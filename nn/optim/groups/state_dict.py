"""The state of an optimizer in PyTorch's layout: what it holds is checked before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number, real_number, whole_number
from nn.optim.groups.parameter_group import ParameterGroup

if TYPE_CHECKING:
    from nn.optim.optimizer import Optimizer

__all__ = ["array_from", "load_state", "number_from", "on_cpu", "refuse_differences", "state_of", "step_from"]

#: What PyTorch's groups have besides settings: how it computes, and what its schedules noted. No number depends on it.
_IGNORED = {"foreach", "fused", "capturable", "differentiable"} | {
    *("max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr")
}


def state_of(optimizer: Optimizer) -> dict[str, Any]:
    """Copies of the state of each parameter, by its number, and the settings of each group."""
    number = {p: i for i, p in enumerate(optimizer.params)}
    states, groups = {}, []
    for group in optimizer.param_groups:
        names = optimizer._state_names(group.settings)  # without what earlier settings left
        for p in group.params:
            state = optimizer.state.get(p, {})
            kept = [name for name in state if names is None or name in names]
            if kept:
                states[number[p]] = {name: on_cpu(state[name]) for name in kept}
        settings = {**group, "params": [number[p] for p in group.params]}
        if "amsgrad" in settings:  # of Adam or AdamW
            settings["decoupled_weight_decay"] = optimizer._decoupled_weight_decay
        groups.append(settings)
    return {"state": states, "param_groups": groups}


def on_cpu(value: Any) -> Any:
    """A copy of an array on the CPU, of each in a list; a number as it is."""
    if isinstance(value, list):
        return [on_cpu(part) for part in value]
    return mg.to(value, "cpu").copy() if hasattr(value, "dtype") else value


def load_state(optimizer: Optimizer, given: Any) -> None:
    """Give an optimizer the settings and the state that `given` holds, if all fit."""
    name = f"{type(optimizer).__name__}.load_state_dict"
    if not isinstance(given, Mapping) or not {"state", "param_groups"} <= given.keys():
        raise TypeError(f"{name}: expected a dictionary as state_dict() returns it, got {given!r:.80}")
    groups, states = given["param_groups"], given["state"]
    if not isinstance(groups, Sequence) or not isinstance(states, Mapping):
        raise TypeError(f"{name}: 'param_groups' has to be a list of dictionaries, and 'state' a dictionary")
    if len(groups) != len(optimizer.param_groups):
        raise ValueError(
            f"{name}: the state has {len(groups)} groups of parameters, this optimizer {len(optimizer.param_groups)}"
        )
    numbered: dict[Any, tuple[str, mg.Tensor, dict[str, Any]]] = {}
    checked = []
    for i, (own, group) in enumerate(zip(optimizer.param_groups, groups, strict=True)):
        called = f"{name}: group {i}"
        checked.append(_checked_settings(called, optimizer, own, group))
        for number, (label, p) in zip(group["params"], own.named_parameters(), strict=True):
            numbered[number] = f"{called}: parameter {number}{f', {label!r},' if label else ''}", p, checked[-1][0]
    if unknown := [number for number in states if number not in numbered]:
        raise ValueError(f"{name}: the state is of parameters that no group has: {', '.join(map(str, unknown))}")
    loaded = {}
    for number, state in states.items():
        called, p, settings = numbered[number]
        if not isinstance(state, Mapping):
            raise TypeError(f"{called}: expected a dictionary of arrays, got {type(state).__name__}")
        loaded[p] = optimizer._checked_state(called, p, state, settings)
    for own, (settings, initial_lr) in zip(optimizer.param_groups, checked, strict=True):
        own.replace(settings, initial_lr)
    optimizer.state = loaded


def _checked_settings(
    called: str, optimizer: Optimizer, own: ParameterGroup, given: Any
) -> tuple[dict[str, Any], float | None]:
    """The settings that a group of a state has, and the base of its learning rate."""
    if not isinstance(given, Mapping) or not isinstance(given.get("params"), Sequence):
        raise TypeError(f"{called}: expected a dictionary with the numbers of its parameters, 'params'")
    if len(given["params"]) != len(own.params):
        raise ValueError(f"{called} has {len(given['params'])} parameters, that of this optimizer {len(own.params)}")
    names = given.get("param_names")
    for there, here in zip(names or (), own.names or (), strict=False):
        if there != here:
            raise ValueError(
                f"{called}: the state is of parameter {there!r} where this optimizer has {here!r}; give them in the "
                "same order, or delete 'param_names' from the groups of the state"
            )
    if given.get("decoupled_weight_decay", own_decay := optimizer._decoupled_weight_decay) != own_decay:
        raise ValueError(
            f"{called}: the state is that of {'Adam' if own_decay else 'AdamW'}, which decays weights differently"
        )
    kept = {"params", "param_names", "initial_lr", "decoupled_weight_decay"} | _IGNORED
    wanted = [key for key in own.settings if key != "maximize" or key in given]  # PyTorch's older ones lack it
    refuse_differences(called, "settings", type(optimizer).__name__, wanted, [key for key in given if key not in kept])
    base = given.get("initial_lr")
    settings = own.checked(called, {key: _number(given.get(key, False)) for key in own.settings})
    return settings, None if base is None else finite_number(f"{called}: initial_lr", _number(base))


def refuse_differences(called: str, what: str, optimizer: str, wanted: Iterable[str], given: Iterable[str]) -> None:
    """Raise a ValueError if the names in a state are not those that are wanted."""
    missing, unknown = ([n for n in names if n not in others] for names, others in ((wanted, given), (given, wanted)))
    if missing or unknown:
        raise ValueError(
            f"{called}: its {what} lack {', '.join(missing) or 'nothing'}, and have {', '.join(unknown) or 'nothing'} "
            f"besides; is it the state of another optimizer than {optimizer}?"
        )


def step_from(called: str, given: Any) -> int:
    """The number of steps, which PyTorch keeps as a floating array of shape ()."""
    number = _number(given)
    return whole_number(called, int(number) if isinstance(number, float) and number.is_integer() else number, least=0)


def number_from(called: str, given: Any) -> float:
    """A real number, which PyTorch keeps as an array of shape (), as Python's."""
    return real_number(called, _number(given))


def array_from(called: str, given: Any, shape: tuple[int, ...], p: mg.Tensor) -> Any:
    """A copy of an array of this shape, on the device of a parameter and in the dtype of its state."""
    try:
        array = mg.Tensor(given, device="cpu").data
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{called}: {str(error).removeprefix('Tensor: ')}") from None
    if array.shape != shape:
        raise ValueError(f"{called} has shape {array.shape}, expected {shape}")
    if array.dtype.kind == "c":
        raise TypeError(f"{called} is complex ({array.dtype}), and the parameter is {p.dtype}")
    return mg.to(array.astype(np.promote_types(p.dtype, np.float32), copy=False), p.device)


def _number(value: Any) -> Any:
    """A Python number in place of an array of shape ()."""
    return value.item() if np.ndim(value) == 0 and hasattr(value, "item") else value
