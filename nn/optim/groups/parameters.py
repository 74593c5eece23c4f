"""What an optimizer is given: parameters, or groups of them, with names or without; and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module, Parameter

__all__ = ["Named", "read_groups", "read_parameters"]

#: A parameter with the name by which it was given, if it was.
Named = tuple[str | None, mg.Tensor]


def read_groups(optimizer: str, given: Any) -> tuple[bool, list[Mapping[str, Any]]]:
    """Whether groups were given, and the groups: of a list of parameters, the one that holds them all.

    Raises:
        TypeError: if `given` is neither a list of parameters nor one of groups.
        ValueError: if it is empty.
    """
    expected = f"{optimizer}: expected a list of parameters, as model.parameters() gives"
    if isinstance(given, mg.Tensor | np.ndarray):
        raise TypeError(f"{expected}, got a single {type(given).__name__}; write {optimizer}([w]), with brackets")
    if isinstance(given, Module):
        raise TypeError(f"{expected}, got a {type(given).__name__}; write {optimizer}(model.parameters())")
    if isinstance(given, Mapping):
        group = "params" in given
        mend = "([group]), a list of groups" if group else "(parameters.values())"
        raise TypeError(f"{expected}, got a {type(given).__name__}; write {optimizer}{mend}")
    parts = _listed(expected, f"{optimizer}(model.parameters())", given)
    if not parts:
        raise ValueError(f"{optimizer}: got no parameters; pass model.parameters(){_again(given)}")
    groups = [part for part in parts if isinstance(part, Mapping)]
    if not groups:
        return False, [{"params": parts}]
    if len(groups) < len(parts):
        raise TypeError(
            f"{optimizer}: got both groups and single parameters; put these into a group, too: {{'params': [w, b]}}"
        )
    return True, groups


def read_parameters(called: str, group: Mapping[str, Any]) -> list[Named]:
    """The parameters of a group, each once, with the names by which they were given.

    Arguments:
        called: what errors call the group: ``"SGD"``, or ``"SGD: group 1"``.
        group: a dictionary with the key ``"params"``.

    Raises:
        TypeError: if what is there are not parameters.
        ValueError: if there are none, one was computed, or some have names and others do not.
    """
    if "params" not in group:
        raise ValueError(
            f"{called}: got a {type(group).__name__} without 'params'; a group is {{'params': [w, b], 'lr': 0.1}}"
        )
    given = group["params"]
    expected = f"{called}: expected a list of parameters, as model.parameters() gives"
    if isinstance(given, Module | Mapping | np.ndarray):
        raise TypeError(f"{expected}, got a {type(given).__name__}; write model.parameters()")
    parts = [given] if isinstance(given, mg.Tensor) else _listed(expected, "model.parameters()", given)
    if not parts:
        raise ValueError(f"{called}: got no parameters; leave the group out, or fill it{_again(given)}")
    named = [_as_named(called, i, part) for i, part in enumerate(parts)]
    nameless = [i for i, (name, _) in enumerate(named) if name is None]
    if 0 < len(nameless) < len(named):
        raise ValueError(
            f"{called}: number {nameless[0]} has no name and others have one; give all as (name, parameter), as "
            "model.named_parameters() does, or none"
        )
    once: dict[mg.Tensor, Named] = {}
    for name, p in named:
        once.setdefault(p, (name, p))
    return list(once.values())


def _listed(expected: str, mend: str, given: Any) -> list[Any]:
    if callable(given):
        raise TypeError(f"{expected}, got a function; call it: {mend}")
    if isinstance(given, set | frozenset):
        raise TypeError(f"{expected}, got a {type(given).__name__}, whose order changes from run to run; write a list")
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{expected}, got {type(given).__name__}; write {mend}")
    return list(given)


def _again(given: Any) -> str:
    return "; call it again, if they were read before: it gives them once" if isinstance(given, Iterator) else ""


def _as_named(called: str, i: int, part: Any) -> Named:
    """A parameter with its name, if it was given as (name, parameter)."""
    name = None
    if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str):
        name, part = part
    _check_parameter(called, i, name, part)
    return name, part


def _check_parameter(optimizer: str, i: int, name: str | None, p: Any) -> None:
    """Raise an error that says what to write instead, if it is not a leaf that is or can be trained."""
    if not isinstance(p, mg.Tensor):
        hint = "pass model.parameters()"
        if isinstance(p, tuple) and any(isinstance(part, str) for part in p):
            hint += ", or pairs (name, parameter), as model.named_parameters() gives"
        elif isinstance(p, Module):
            hint = "pass their parameters: [*layer1.parameters(), *layer2.parameters()]"
        elif isinstance(p, Mapping):
            hint = "groups are not nested: give a list of groups"
        elif isinstance(p, Iterable) and not isinstance(p, str | np.ndarray):
            hint = "join the lists: [*list1, *list2]"
        raise TypeError(
            f"{optimizer}: parameters are Tensors with requires_grad=True, got {type(p).__name__} as number {i}; {hint}"
        )
    name = name or p.name
    called = f"number {i}" + (f", {name!r}," if name else "") + f" of shape {p.shape}"
    if not p.is_leaf:
        raise ValueError(
            f"{optimizer}: the parameter {called} was computed, so a step would not reach what it was computed from; "
            "make a parameter of its value, nn.Parameter(w.data), or pass what it was computed from"
        )
    if not (p.requires_grad or isinstance(p, Parameter)):
        raise TypeError(
            f"{optimizer}: parameters are Tensors with requires_grad=True, and {called} has requires_grad=False; make "
            "it with mg.Tensor(…, requires_grad=True), or leave it out"
        )
