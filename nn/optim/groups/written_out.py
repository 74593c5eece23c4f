"""The step of an optimizer as lines of a program that can be read: ``W1 -= lr * W1_bar``.

They are what its own code computes with stand-ins for parameters, state and settings. What those lines would do slowly,
such as to change a large parameter piece by piece, or differently, is left to the optimizer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import minigrad as mg
from nn.unsupported import is_ours

if TYPE_CHECKING:
    from nn.optim.groups.parameter_group import ParameterGroup
    from nn.optim.optimizer import Optimizer

__all__ = ["write_step"]

_MOST = 1 << 18  # numbers of a parameter: of more, arrays between the lines would not fit into the cache
_PLAIN = ("dampening", "amsgrad")  # settings with which the first step is another one, or writes into given memory


class _StepOf:
    """The step of an optimizer as a function of the gradients: a line of a program, ``adam_step(W_bar, b_bar)``."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.__name__ = f"{type(optimizer).__name__.lower()}_step"

    def __call__(self, *gradients: Any) -> None:
        self.optimizer._step_by(gradients)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _StepOf) and other.optimizer is self.optimizer

    def __hash__(self) -> int:
        return id(self.optimizer)


def write_step(optimizer: Optimizer, gradients: Sequence[Any]) -> None:
    """The step of an optimizer in the program that is being written: line by line, or as a call of the optimizer.

    Arguments:
        gradients: of all parameters in the order of the groups, ``None`` for those without one.
    """
    trained = [p for p, w_bar in zip(optimizer.params, gradients, strict=True) if w_bar is not None and p.requires_grad]
    if not trained:
        optimizer._refuse_no_gradient()
    groups = optimizer._groups
    mg.recorder.holds_while(lambda: optimizer._groups is groups)
    if not _write_out(optimizer, gradients):
        mg.recorder.effect(_StepOf(optimizer), gradients, written=trained)


def _write_out(optimizer: Optimizer, gradients: Sequence[Any]) -> bool:
    """Write the step line by line, if that computes the same; whether it does."""
    symbols, rest = optimizer._symbols, iter(gradients)
    if not symbols or not is_ours(type(optimizer)) or not mg.recorder.writer().readable:
        return False
    groups: list[tuple[ParameterGroup, list[tuple[mg.Tensor, Any]]]] = []
    for group in optimizer.param_groups:
        pairs = [(p, w_bar) for p, w_bar in zip(group.params, rest, strict=False) if w_bar is not None]
        groups.append((group, [(p, w_bar) for p, w_bar in pairs if p.requires_grad]))
    trained = [p for _, pairs in groups for p, _ in pairs]
    steps = _Steps(optimizer, trained)
    if not all(map(_can_be_written, trained)) or any(_is_special(group) for group, _ in groups) or not steps.agree():
        return False
    before = [_zeros(group) for group, _ in groups]
    mg.recorder.holds_while(lambda: [_zeros(group) for group, _ in groups] == before and steps.agree())
    names = [name for name in optimizer._state_names(groups[0][0].settings) or () if name != "step"]
    keys = _keys(trained)
    with mg.recorder.updating(steps.note):
        settings = [_given_settings(group) for group, _ in groups]
        states = {
            name: mg.recorder.given(
                symbols[name],
                _reader(optimizer, keys, name),
                {key: np.zeros(p.shape, p.dtype) for p, key in keys.items()},
            )
            for name in names
        }
        count = mg.recorder.given("steps", steps.count, 0) if "step" in symbols else 0
        for (_, pairs), own in zip(groups, settings, strict=True):
            for p, w_bar in pairs:
                state = {name: states[name][keys[p]] for name in names} | {"step": count}
                w = p.data
                optimizer._move(w, w_bar.data if isinstance(w_bar, mg.Tensor) else w_bar, state, own)
    return True


class _Steps:
    """The number of steps of trained parameters, which bias corrections depend on."""

    def __init__(self, optimizer: Optimizer, trained: list[mg.Tensor]) -> None:
        self._optimizer, self._trained = optimizer, trained

    def count(self) -> int:
        return int(self._optimizer.state.get(self._trained[0], {}).get("step", 0))

    def agree(self) -> bool:
        """Whether it is the same for all."""
        state = self._optimizer.state
        return len({state[p].get("step", 0) if p in state else 0 for p in self._trained}) == 1

    def note(self) -> None:
        """A step has been made: values have changed in place."""
        for p in self._trained:
            p.data = p.data
            state = self._optimizer.state.setdefault(p, {})
            if "step" in self._optimizer._symbols:
                state["step"] = state.get("step", 0) + 1


def _can_be_written(p: mg.Tensor) -> bool:
    is_array = isinstance(p.data, np.ndarray) and hasattr(p.data, "__record__")
    return is_array and p.device == "cpu" and p.dtype.itemsize > 2 and p.size <= _MOST


def _is_special(group: ParameterGroup) -> bool:
    return any(group.settings.get(name) for name in _PLAIN)


def _zeros(group: ParameterGroup) -> dict[str, Any]:
    """Which settings are 0, or false: the program has no lines for them."""
    return {name: tuple(map(bool, x)) if isinstance(x, tuple) else bool(x) for name, x in group.settings.items()}


def _keys(trained: list[mg.Tensor]) -> dict[mg.Tensor, str]:
    """What the state of each parameter is called: as the parameter."""
    keys: dict[mg.Tensor, str] = {}
    for p in trained:
        name = mg.recorder.name_of(p.data).replace(".", "_")
        while name in keys.values():
            name += "_"
        keys[p] = name
    return keys


def _given_settings(group: ParameterGroup) -> dict[str, Any]:
    """What stands for settings; 0 and truth values stay as they are."""

    def given(name: str, value: Any, read: Callable[[], Any]) -> Any:
        is_number = isinstance(value, float | int) and not isinstance(value, bool) and value
        return mg.recorder.given(name, lambda: float(read()), float(value)) if is_number else value

    def of_pair(name: str, i: int) -> Callable[[], Any]:
        return lambda: group.settings[name][i]

    found: dict[str, Any] = {}
    for name, value in group.settings.items():
        if isinstance(value, tuple):
            found[name] = tuple(given(f"{name[:-1]}{i + 1}", x, of_pair(name, i)) for i, x in enumerate(value))
        else:
            found[name] = given(name, value, lambda name=name: group.settings[name])  # type: ignore[misc]
    return found


def _reader(optimizer: Optimizer, keys: dict[mg.Tensor, str], name: str) -> Callable[[], dict[str, Any]]:
    """Reads one array of the state of each parameter; before the first step they are 0."""

    def read() -> dict[str, Any]:
        found = {}
        for p, key in keys.items():
            w, state = p.data, optimizer.state.setdefault(p, {})
            if "step" in optimizer._symbols:
                state.setdefault("step", 0)
            if name not in state:
                state[name] = np.zeros_like(w)
            optimizer._follow(p, state, w)
            found[key] = state[name]
        return found

    return read
